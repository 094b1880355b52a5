// SPDX-License-Identifier: Apache-2.0
// By when a request is to be answered, and what it gets when that has passed.
#include "apiserver/request_deadline.hpp"

#include "net/task_group.hpp"
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace test;
using net::Clock;

namespace {

const std::string kTimeout =
    R"({"metadata":{},"status":"Failure","message":"Timeout: request did not complete within the allotted )"
    R"(timeout","reason":"Timeout","details":{},"code":504})"
    "\n";

// Both take their time, of a clock that only they move, and note how much they were given.
struct SlowAccess final : apiserver::Authenticator, apiserver::Authorizer {
    explicit SlowAccess(Clock::time_point& clock) : now{clock} {}
    net::Task<apiserver::AuthResult> authenticate(const net::Request&, net::Deadline until) override {
        given.push_back(until);
        now += to_authenticate;
        co_return apiserver::AuthResult{verdict, {}, {}};
    }
    net::Task<apiserver::Decision> authorize(const apiserver::User&, const apiserver::RequestInfo&,
                                             net::Deadline until) override {
        given.push_back(until);
        now += to_authorize;
        co_return decision;
    }
    Clock::time_point& now;
    Clock::duration to_authenticate{0};
    Clock::duration to_authorize{0};
    apiserver::AuthResult::Verdict verdict = apiserver::AuthResult::Verdict::accepted;
    apiserver::Decision decision{apiserver::Decision::Verdict::allowed, ""};
    std::vector<net::Deadline> given;
};

}  // namespace

TEST_CASE("The limit is the server's, or the client's if it is shorter") {
    struct Case {
        std::string target;
        std::chrono::nanoseconds expected;
    };
    const auto never = std::chrono::nanoseconds::max();
    const Case cases[] = {
        {"/healthz", 60s},
        {kMetrics + "/nodes", 60s},
        {kMetrics + "/nodes?timeout=", 60s},
        {kMetrics + "/nodes?timeout=5s", 5s},
        {kMetrics + "/nodes?timeout=1h&timeout=5s", 60s},
        {kMetrics + "/nodes?timeout=59.999s", 59'999ms},
        {kMetrics + "/nodes?timeout=60s", 60s},
        {kMetrics + "/nodes?timeout=61s", 60s},
        {kMetrics + "/nodes?timeout=0", 60s},
        {kMetrics + "/nodes?timeout=0s", 60s},
        {kMetrics + "/nodes?timeout=-5s", 60s},
        {kMetrics + "/nodes?timeout=1ns", 1ns},
        {kMetrics + "/nodes?watch=1", never},
        {kMetrics + "/nodes?watch=1&timeout=x", never},
        {kMetrics + "/watch/nodes?timeout=5s", never},
    };
    const Clock::time_point received{1000s};
    for (const Case& c : cases) {
        CAPTURE(c.target);
        const auto target = apiserver::parse_target(c.target);
        const auto info = apiserver::make_request_info("GET", *target);
        const auto deadline = apiserver::request_deadline(*info, target->query, received, 60s);
        REQUIRE(deadline.has_value());
        CHECK(*deadline == (c.expected == never ? net::Deadline::max() : received + c.expected));
        CHECK(*apiserver::request_deadline(*info, target->query, received, never) > received);
    }
    const auto target = apiserver::parse_target("/healthz?timeout=x");
    const auto info = apiserver::make_request_info("GET", *target);
    CHECK(apiserver::request_deadline(*info, target->query, received, 60s).error().text ==
          "invalid timeout specified in the request URL - time: invalid duration \"x\"");
}

TEST_CASE("A request that is not ready in its time gets 504") {
    struct Case {
        const char* name;
        std::string target;
        Clock::duration to_authenticate;
        Clock::duration to_authorize;
        unsigned status;
    };
    const Case cases[] = {
        {"in time", "/version?timeout=5s", 2s, 2999ms, 200},
        {"by default in a minute", "/version", 30s, 29s, 200},
        {"too late to know who", "/version?timeout=5s", 5s, 0s, 504},
        {"too late to know what they may", "/version?timeout=5s", 2s, 3s, 504},
        {"too late by default", "/version", 30s, 30s, 504},
        {"no time is too late for a watch", kMetrics + "/nodes?watch=1", 1h, 1h, 405},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Clock::time_point now{1000s};
        SlowAccess access{now};
        access.to_authenticate = c.to_authenticate;
        access.to_authorize = c.to_authorize;
        Cluster cluster;
        cluster.options.clock = [&now] { return now; };
        apiserver::Api api{cluster.options, cluster.store, access, access};
        net::Request asked = request(c.target);
        asked.received_at = now;
        const net::Response response = respond(api, asked);
        CHECK(response.status == c.status);
        const bool watch = c.status == 405;
        const net::Deadline by = Clock::time_point{1000s} + (c.target == "/version" ? 60s : 5s);
        for (const net::Deadline given : access.given) CHECK(given == (watch ? net::Deadline::max() : by));
        CHECK(response.send_by == (c.status == 200 ? by : net::Deadline::max()));
        if (c.status != 504) continue;
        CHECK(response.body == kTimeout);
        CHECK(header(response, "Content-Type") == "text/plain; charset=utf-8");
        CHECK_FALSE(response.headers.contains("X-Content-Type-Options"));
        CHECK_FALSE(response.close);
    }
}

TEST_CASE("What was refused for lack of time is 504 and not the refusal") {
    for (const unsigned code : {401u, 403u, 500u}) {
        Clock::time_point now{1000s};
        SlowAccess access{now};
        access.to_authenticate = 60s;
        using Verdict = apiserver::Decision::Verdict;
        if (code == 401) access.verdict = apiserver::AuthResult::Verdict::refused;
        access.decision.verdict = code == 403 ? Verdict::denied : Verdict::failed;
        Cluster cluster;
        cluster.options.clock = [&now] { return now; };
        apiserver::Api api{cluster.options, cluster.store, access, access};
        CHECK(respond(api, request("/version")).status == 504);
        access.to_authenticate = 0s;
        CHECK(respond(api, request("/version")).status == code);
    }
}
