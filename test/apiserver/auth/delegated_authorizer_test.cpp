// SPDX-License-Identifier: Apache-2.0
// Which answers about permissions are kept. What is asked: contract/authorization_test.cpp.
#include "test/apiserver/auth/review_lab.hpp"
#include "test/topd/captured_log.hpp"

using namespace test;

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
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1beta1/namespaces/a/pods/d"},
        {user_of(name), "GET", "/apis/metrics.k8s.io/v1beta1/namespaces/a/pods/b/d"},
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
                const Decision decision = co_await authorizer.authorize(q.user, *info, kNoDeadline);
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
        const std::string target = "/" + std::string(10'000, 'a');
        const auto info = apiserver::make_request_info("GET", *apiserver::parse_target(target));
        for (int i = 0; i < 2; ++i) {
            const Decision decision = co_await authorizer.authorize(user_of("allowed"), *info, kNoDeadline);
            CHECK(decision.verdict == Decision::Verdict::allowed);
        }
    });
    CHECK(fake.requests.size() == 2);
}

TEST_CASE("A review that fails is asked again and its failure not kept") {
    FakeApiServer fake;
    with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
        apiserver::DelegatedAuthorizer authorizer{reviews, {}};
        const auto info = apiserver::make_request_info("GET", *apiserver::parse_target("/metrics"));
        const apiserver::User user = user_of("denied");
        fake.failures = 5;
        const Decision failed = co_await authorizer.authorize(user, *info, kNoDeadline);
        CHECK(failed.verdict == Decision::Verdict::failed);
        CHECK(fake.failures == 0);
        const Decision later = co_await authorizer.authorize(user, *info, kNoDeadline);
        CHECK(later.verdict == Decision::Verdict::denied);
        CHECK(fake.requests.size() == 6);
    });
}

TEST_CASE("A review is given the time of its request and no more") {
    FakeApiServer fake;
    with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
        apiserver::DelegatedAuthorizer authorizer{reviews, {}};
        const auto info = apiserver::make_request_info("GET", *apiserver::parse_target("/metrics"));
        const apiserver::User user = user_of("allowed");
        const net::Deadline over = net::Clock::now();
        const Decision late = co_await authorizer.authorize(user, *info, over);
        CHECK(late.verdict == Decision::Verdict::failed);
        const Decision patient = co_await authorizer.authorize(user, *info, kNoDeadline);
        CHECK(patient.verdict == Decision::Verdict::allowed);
        const Decision kept = co_await authorizer.authorize(user, *info, over);
        CHECK(kept.verdict == Decision::Verdict::allowed);
        CHECK(fake.requests.size() == 1);
    });
}

TEST_CASE("Whoever has no share of the reviews left is to come again, and no line is written") {
    boost::asio::io_context loop{1};
    kube::Config config;
    config.server.host = "127.0.0.1";
    kube::ReviewOptions options;
    options.shares.waiting_each = 0;
    kube::ReviewClient reviews{loop.get_executor(), config, options};
    apiserver::DelegatedAuthorizer authorizer{reviews, {}};
    const auto info = apiserver::make_request_info("GET", *apiserver::parse_target("/metrics"));
    const apiserver::User user = user_of("allowed");
    CapturedLog log;
    const Decision decision = run(loop, authorizer.authorize(user, *info, kNoDeadline));
    CHECK(decision.verdict == Decision::Verdict::busy);
    CHECK(log.lines().empty());
}
