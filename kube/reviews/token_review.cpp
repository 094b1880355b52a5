// SPDX-License-Identifier: Apache-2.0
#include "kube/reviews/token_review.hpp"

#include "kube/json/members.hpp"

namespace kube {
namespace {

constexpr const char* kPath = "/apis/authentication.k8s.io/v1/tokenreviews";

}  // namespace

std::string token_review_body(const std::string& token) {
    using nlohmann::json;
    const json body = {{"kind", "TokenReview"},
                       {"apiVersion", "authentication.k8s.io/v1"},
                       {"metadata", json::object()},
                       {"spec", {{"token", token}}}};
    // A token that is not UTF-8 is nobody's; it must not end in an exception either.
    return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

Outcome<TokenStatus> read_token_review(const std::string& json) {
    const nlohmann::json review = nlohmann::json::parse(json, nullptr, false);
    if (!review.is_object()) return Failure{make_error_code(Errc::malformed)};
    const nlohmann::json& status = member(review, "status");
    const nlohmann::json& user = member(status, "user");
    TokenStatus result;
    result.authenticated = flag(status, "authenticated");
    result.error = text(status, "error");
    result.user.name = text(user, "username");
    result.user.uid = text(user, "uid");
    result.user.groups = texts(member(user, "groups"));
    const nlohmann::json& extra = member(user, "extra");
    if (extra.is_object())
        for (const auto& [key, values] : extra.items()) result.user.extra[key] = texts(values);
    return result;
}

net::Task<Outcome<TokenStatus>> review_token(ReviewClient& client, std::string token, Asker asker,
                                             net::Deadline until) {
    std::string body = token_review_body(token);
    const auto answer = co_await client.ask(kPath, std::move(body), std::move(asker), until);
    if (!answer) co_return answer.error();
    co_return read_token_review(*answer);
}

std::string token_review_failure(const ReviewClient& client, const Failure& failure) {
    return client.describe(kPath, failure);
}

}  // namespace kube
