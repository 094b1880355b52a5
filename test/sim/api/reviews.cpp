// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/reviews.hpp"

#include "test/sim/api/request/status.hpp"

#include <nlohmann/json.hpp>

namespace sim {
namespace {

using nlohmann::ordered_json;

// The review as it came; an object without a spec when it is none.
ordered_json parse_review(std::string_view body, std::string_view kind) {
    ordered_json json = ordered_json::parse(body, nullptr, false);
    if (!json.is_object() || json.value("kind", "") != kind || !json.contains("spec") ||
        !json["spec"].is_object())
        return ordered_json::object();
    return json;
}

}  // namespace

net::Response Reviews::review_token(std::string_view body) {
    ++token_reviews_;
    ordered_json review = parse_review(body, "TokenReview");
    const ordered_json token =
        review.contains("spec") ? review["spec"].value("token", ordered_json()) : ordered_json();
    if (!token.is_string()) return status_response(bad_request("the body is not a TokenReview"));
    review["status"] = ordered_json::object();
    if (const User* user = authenticator_.user_of_token(token.get<std::string>())) {
        std::vector<std::string> groups = user->groups;
        groups.emplace_back("system:authenticated");
        review["status"]["authenticated"] = true;
        review["status"]["user"] = {{"username", user->name}, {"uid", user->uid}, {"groups", groups}};
        review["status"]["audiences"] = {"https://kubernetes.default.svc.cluster.local"};
    } else {
        review["status"]["user"] = ordered_json::object();
        review["status"]["error"] = "[invalid bearer token, token lookup failed]";
    }
    return json_response(review.dump(), 201);
}

net::Response Reviews::review_access(std::string_view body) {
    ++access_reviews_;
    ordered_json review = parse_review(body, "SubjectAccessReview");
    if (!review.contains("spec"))
        return status_response(bad_request("the body is not a SubjectAccessReview"));
    const ordered_json user = review["spec"].value("user", ordered_json(""));
    const std::string name = user.is_string() ? user.get<std::string>() : "";
    const bool allowed = !name.empty() && !denied_.contains(name) && name != "system:anonymous";
    review["status"] = {{"allowed", allowed}};
    if (!allowed) review["status"]["reason"] = "no RBAC policy matched";
    return json_response(review.dump(), 201);
}

}  // namespace sim
