// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/rights.hpp"

#include "test/topd/doctor/answers.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace topd::doctor;
using test::Ids;

namespace {

constexpr const char* kAllowed = R"({"kind":"SelfSubjectAccessReview","status":{"allowed":true}})";
constexpr const char* kDenied =
    R"({"kind":"SelfSubjectAccessReview","status":{"allowed":false,"reason":"no"}})";

std::string words(const Right& right) {
    std::string text{right.verb};
    text.append(" ").append(right.resource);
    return right.subresource.empty() ? text : text.append("/").append(right.subresource);
}

// All rights but these.
std::vector<AskedRight> asked_without(const std::vector<std::string>& denied) {
    std::vector<AskedRight> asked;
    for (const Right& right : needed_rights({})) {
        const bool missing = std::count(denied.begin(), denied.end(), words(right)) > 0;
        asked.push_back({right, std::string{missing ? kDenied : kAllowed}});
    }
    return asked;
}

}  // namespace

TEST_CASE("Missing rights are named by what grants them") {
    struct Case {
        const char* name;
        std::vector<std::string> denied;
        Ids expected;
        std::string what;
    };
    const Case cases[] = {
        {"none", {}, {}, ""},
        {"nodes", {"watch nodes"}, {"E rbac-nodes"}, "may not: watch nodes; so"},
        {"pods", {"list pods", "watch pods"}, {"E rbac-pods"}, "may not: list pods, watch pods; so"},
        {"kubelets", {"get nodes/metrics"}, {"E rbac-nodes-metrics"}, "may not: get nodes/metrics; so"},
        {"delegator",
         {"create tokenreviews", "create subjectaccessreviews"},
         {"E rbac-auth-delegator"},
         "may not: create tokenreviews, create subjectaccessreviews; so"},
        {"reader",
         {"watch configmaps"},
         {"E rbac-auth-reader"},
         "may not: watch configmaps kube-system/extension-apiserver-authentication; so"},
        {"two",
         {"list nodes", "get nodes/metrics"},
         {"E rbac-nodes", "E rbac-nodes-metrics"},
         "may not: list nodes"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            const Check check =
                judge_rights(asked_without(c.denied), "system:serviceaccount:kube-system:metrics-server");
            CHECK(test::ids(check) == c.expected);
            CHECK(check.notes.empty());
            if (!check.findings.empty()) CHECK(check.findings[0].what.starts_with(c.what));
        }
}

TEST_CASE("A right that could not be asked for is a note and no finding") {
    std::vector<AskedRight> asked = asked_without({});
    asked[0].review = test::refused(500, "etcd is away");
    asked[1].review = std::string{"<html>"};
    const Check check = judge_rights(asked, "");
    CHECK(check.findings.empty());
    REQUIRE(check.notes.size() == 2);
    CHECK(check.notes[0].find("whether topd may list nodes is not known") == 0);
    CHECK(check.notes[0].find("etcd is away") != std::string::npos);
    CHECK(check.notes[1] == "whether topd may watch nodes is not known: the answer is no review");
}

TEST_CASE("An administrator's rights are not taken for topd's") {
    const Check check = judge_rights(asked_without({}), "kubernetes-admin");
    CHECK(check.notes ==
          std::vector<std::string>{
              "these are the rights of kubernetes-admin, not those of topd's service account"});
}

TEST_CASE("Only rights that the flags make necessary are asked for") {
    const auto ids_with = [](const topd::Flags& flags) {
        Ids ids;
        for (const Right& right : needed_rights(flags)) ids.emplace_back(right.id);
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        return ids;
    };
    CHECK(ids_with({}) ==
          Ids{"rbac-nodes", "rbac-pods", "rbac-nodes-metrics", "rbac-auth-delegator", "rbac-auth-reader"});
    topd::Flags by_certificate;
    by_certificate.kubelet_client_certificate = "kubelet.crt";
    CHECK(ids_with(by_certificate) ==
          Ids{"rbac-nodes", "rbac-pods", "rbac-auth-delegator", "rbac-auth-reader"});
    topd::Flags no_look_up;
    no_look_up.authentication_skip_lookup = true;
    CHECK(ids_with(no_look_up) ==
          Ids{"rbac-nodes", "rbac-pods", "rbac-nodes-metrics", "rbac-auth-delegator"});
}

TEST_CASE("A review asks for one right") {
    const std::vector<Right> rights = needed_rights({});
    CHECK(
        self_access_review(rights[0]) ==
        R"({"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":)"
        R"({"resource":"nodes","verb":"list"}}})");
    CHECK(
        self_access_review(rights.back()) ==
        R"({"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":)"
        R"({"name":"extension-apiserver-authentication","namespace":"kube-system","resource":"configmaps",)"
        R"("verb":"watch"}}})");
}

TEST_CASE("A right is granted when it was asked for and nothing of it is missing") {
    CHECK(is_granted(asked_without({}), "rbac-nodes"));
    CHECK(!is_granted(asked_without({"watch nodes"}), "rbac-nodes"));
    CHECK(!is_granted({}, "rbac-nodes"));
    std::vector<AskedRight> asked = asked_without({});
    asked[0].review = test::refused(500);
    CHECK(!is_granted(asked, "rbac-nodes"));
}

TEST_CASE("The right to kubelets' summaries is asked for when they are, and its lack is a warning") {
    topd::Flags flags;
    const auto wants = [&] {
        const auto rights = needed_rights(flags);
        return std::any_of(rights.begin(), rights.end(),
                           [](const Right& right) { return words(right) == "get nodes/stats"; });
    };
    CHECK_FALSE(wants());
    flags.kubelet_summary = true;
    REQUIRE(wants());
    std::vector<AskedRight> asked;
    for (const Right& right : needed_rights(flags))
        asked.push_back({right, std::string{words(right) == "get nodes/stats" ? kDenied : kAllowed}});
    const Check check = judge_rights(asked, "");
    CHECK(test::ids(check) == Ids{"W rbac-nodes-stats"});
    CHECK(check.findings.at(0).what.find("may not: get nodes/stats; so kubelets answer") !=
          std::string::npos);
    flags.kubelet_client_certificate = "kubelet.crt";
    CHECK_FALSE(wants());
}
