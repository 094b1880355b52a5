// SPDX-License-Identifier: Apache-2.0
// What is asked of the API server before a request is let through.
#include "test/apiserver/auth/review_lab.hpp"

using namespace test;

TEST_CASE("What a request may do") {
    struct Case {
        const char* name;
        std::string user;
        std::string group;
        std::string path;
        Decision::Verdict expected;
        std::size_t asked;
    };
    using Verdict = Decision::Verdict;
    const Case cases[] = {
        {"masters are not asked about", "x", "system:masters", "/apis/metrics.k8s.io/v1beta1/nodes",
         Verdict::allowed, 0},
        {"healthz is open", "x", "", "/healthz", Verdict::allowed, 0},
        {"a path below it is not", "x", "", "/healthz/ping", Verdict::denied, 1},
        {"allowed", "allowed", "", "/apis/metrics.k8s.io/v1beta1/nodes", Verdict::allowed, 1},
        {"denied", "denied", "", "/apis/metrics.k8s.io/v1beta1/nodes", Verdict::denied, 1},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            FakeApiServer fake;
            with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
                apiserver::DelegatedAuthorizer authorizer{reviews, {}};
                apiserver::User user;
                user.name = c.user;
                if (!c.group.empty()) user.groups = {c.group};
                const auto target = apiserver::parse_target(c.path);
                const auto info = apiserver::make_request_info("GET", *target);
                for (int i = 0; i < 2; ++i) {
                    const Decision decision = co_await authorizer.authorize(user, *info);
                    CHECK(decision.verdict == c.expected);
                    if (c.user == "denied") CHECK(decision.reason == "no rule");
                }
            });
            CHECK(fake.requests.size() == c.asked);
        }
    }
}

TEST_CASE("The review says what the request is about") {
    const auto target = apiserver::parse_target(
        "/apis/metrics.k8s.io/v1beta1/namespaces/default/"
        "pods?labelSelector=app%3Dweb,a%20in%20(x,y),!b,n%3E1&"
        "fieldSelector=metadata.name%3Dp,metadata.namespace!%3Dq");
    const auto info = apiserver::make_request_info("GET", *target);
    apiserver::User user;
    user.name = "jane";
    user.uid = "u1";
    user.groups = {"dev", "system:authenticated"};
    user.extra["k"] = {"v"};
    CHECK(json::parse(kube::access_spec(apiserver::access_question(user, *info))) == json::parse(R"({
        "user":"jane","uid":"u1","groups":["dev","system:authenticated"],"extra":{"k":["v"]},
        "resourceAttributes":{"namespace":"default","verb":"list","group":"metrics.k8s.io","version":"v1beta1",
          "resource":"pods","name":"p",
          "fieldSelector":{"requirements":[{"key":"metadata.name","operator":"In","values":["p"]},
                                           {"key":"metadata.namespace","operator":"NotIn","values":["q"]}]},
          "labelSelector":{"requirements":[{"key":"a","operator":"In","values":["x","y"]},
                                           {"key":"app","operator":"In","values":["web"]},
                                           {"key":"b","operator":"DoesNotExist"}]}}})"));

    const auto metrics = apiserver::make_request_info("GET", *apiserver::parse_target("/metrics"));
    CHECK(json::parse(kube::access_spec(apiserver::access_question({}, *metrics))) ==
          json::parse(R"({"nonResourceAttributes":{"path":"/metrics","verb":"get"}})"));
}

TEST_CASE("A review that fails is asked again and then fails the request") {
    FakeApiServer fake;
    with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
        apiserver::DelegatedAuthorizer authorizer{reviews, {}};
        apiserver::User user;
        user.name = "allowed";
        const auto info = apiserver::make_request_info("GET", *apiserver::parse_target("/metrics"));
        fake.failures = 4;
        const Decision patient = co_await authorizer.authorize(user, *info);
        CHECK(patient.verdict == Decision::Verdict::allowed);
        user.name = "denied";
        fake.failures = 5;
        const Decision failed = co_await authorizer.authorize(user, *info);
        CHECK(failed.verdict == Decision::Verdict::failed);
        CHECK(fake.failures == 0);
        // Failures are not kept.
        const Decision later = co_await authorizer.authorize(user, *info);
        CHECK(later.verdict == Decision::Verdict::denied);
    });
}
