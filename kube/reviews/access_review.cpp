// SPDX-License-Identifier: Apache-2.0
#include "kube/reviews/access_review.hpp"

#include "kube/json/members.hpp"

namespace kube {
namespace {

using nlohmann::json;

constexpr const char* kPath = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

void put(json& object, const char* key, const std::string& value) {
    if (!value.empty()) object[key] = value;
}

void put(json& object, const char* key, const std::vector<SelectorRequirement>& selector) {
    if (selector.empty()) return;
    json requirements = json::array();
    for (const SelectorRequirement& term : selector) {
        json requirement = {{"key", term.key}, {"operator", term.op}};
        if (!term.values.empty()) requirement["values"] = term.values;
        requirements.push_back(std::move(requirement));
    }
    object[key] = {{"requirements", std::move(requirements)}};
}

json resource_attributes(const ResourceAttributes& resource) {
    json object = json::object();
    put(object, "namespace", resource.name_space);
    put(object, "verb", resource.verb);
    put(object, "group", resource.group);
    put(object, "version", resource.version);
    put(object, "resource", resource.resource);
    put(object, "subresource", resource.subresource);
    put(object, "name", resource.name);
    put(object, "fieldSelector", resource.field_selector);
    put(object, "labelSelector", resource.label_selector);
    return object;
}

}  // namespace

std::string access_spec(const AccessQuestion& question) {
    json spec = json::object();
    if (question.resource)
        spec["resourceAttributes"] = resource_attributes(*question.resource);
    else
        spec["nonResourceAttributes"] = {{"path", question.path}, {"verb", question.verb}};
    put(spec, "user", question.user.name);
    put(spec, "uid", question.user.uid);
    if (!question.user.groups.empty()) spec["groups"] = question.user.groups;
    if (!question.user.extra.empty()) spec["extra"] = question.user.extra;
    // Names and selectors come from the client and may hold bytes that are not UTF-8.
    return spec.dump(-1, ' ', false, json::error_handler_t::replace);
}

Outcome<AccessStatus> read_access_review(const std::string& text_of_review) {
    const json review = json::parse(text_of_review, nullptr, false);
    if (!review.is_object() || !member(review, "status").is_object())
        return Failure{make_error_code(Errc::malformed)};
    const json& status = member(review, "status");
    AccessStatus result;
    result.allowed = flag(status, "allowed");
    result.denied = flag(status, "denied");
    result.reason = text(status, "reason");
    return result;
}

net::Task<Outcome<AccessStatus>> review_access(ReviewClient& client, std::string spec, Asker asker,
                                               net::Deadline until) {
    std::string body =
        R"({"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":)";
    body += spec;
    body += "}";
    std::string path = std::string{kPath}.append("?timeout=10s");
    const auto answer = co_await client.ask(std::move(path), std::move(body), std::move(asker), until);
    if (!answer) co_return answer.error();
    co_return read_access_review(*answer);
}

std::string access_review_failure(const ReviewClient& client, const Failure& failure) {
    return client.describe(kPath, failure);
}

}  // namespace kube
