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

namespace {

apiserver::User user_of(std::string name, std::vector<std::string> groups = {},
                        std::map<std::string, std::vector<std::string>> extra = {}, std::string uid = "") {
    apiserver::User user;
    user.name = std::move(name);
    user.groups = std::move(groups);
    user.extra = std::move(extra);
    user.uid = std::move(uid);
    return user;
}

}  // namespace

TEST_CASE("An answer is kept for its very question") {
    struct Question {
        apiserver::User user;
        const char* method;
        const char* target;
    };
    const std::string name = "allowed";
    const char* const pods = "/apis/metrics.k8s.io/v1beta1/pods";
    // All different, each asked for twice: by one review.
    const Question questions[] = {
        {user_of(name), "GET", pods},
        {user_of("denied"), "GET", pods},
        {user_of(name, {"a", "b"}), "GET", pods},
        {user_of(name, {"ab"}), "GET", pods},
        {user_of(name, {"b", "a"}), "GET", pods},
        {user_of(name, {"a"}, {{"b", {}}}), "GET", pods},
        {user_of(name, {"a"}, {{"b", {"c"}}}), "GET", pods},
        {user_of(name, {"a"}, {{"b", {}}, {"c", {}}}), "GET", pods},
        {user_of(name, {}, {}, "uid"), "GET", pods},
        {user_of("allow", {}, {}, "ed"), "GET", pods},
        {user_of(name), "POST", pods},
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1/pods"},
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1beta1/nodes"},
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1beta1/nodes/pods"},
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1beta1/namespaces/a/pods"},
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1beta1/namespaces/a/pods/b"},
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1beta1/namespaces/a/pods/b/c"},
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1beta1/pods?labelSelector=a%3Db"},
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1beta1/pods?fieldSelector=metadata.name%3Db"},
        {user_of(name), "GET", "/metrics"},
        {user_of(name), "GET", "/version"},
    };
    FakeApiServer fake;
    with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
        apiserver::DelegatedAuthorizer authorizer{reviews, {}};
        std::size_t asked = 0;
        for (const Question& q : questions) {
            ++asked;
            const auto info = apiserver::make_request_info(q.method, *apiserver::parse_target(q.target));
            for (int i = 0; i < 2; ++i) {
                const Decision decision = co_await authorizer.authorize(q.user, *info);
                CAPTURE(q.target, asked);
                CHECK((decision.verdict == Decision::Verdict::allowed) == (q.user.name == name));
                CHECK(fake.requests.size() == asked);
            }
        }
    });
}

TEST_CASE("An answer to a very long question is not kept") {
    FakeApiServer fake;
    with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
        apiserver::DelegatedAuthorizer authorizer{reviews, {}};
        // Not a selector, so the review does not mention it.
        const std::string target =
            "/apis/metrics.k8s.io/v1beta1/pods?labelSelector=" + std::string(10'000, '(');
        const auto info = apiserver::make_request_info("GET", *apiserver::parse_target(target));
        for (int i = 0; i < 2; ++i) {
            const Decision decision = co_await authorizer.authorize(user_of("allowed"), *info);
            CHECK(decision.verdict == Decision::Verdict::allowed);
        }
    });
    CHECK(fake.requests.size() == 2);
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
