// SPDX-License-Identifier: Apache-2.0
// What the log says of health pages. The pages themselves: test/apiserver/contract/health_test.cpp.
#include "apiserver/health.hpp"

#include "test/topd/captured_log.hpp"

#include <catch2/catch.hpp>

using apiserver::HealthEndpoint;
using apiserver::Query;

TEST_CASE("a flood of requests for a page that fails writes ten lines a second and a count") {
    const apiserver::HealthCheck sick{
        "metric-storage-ready", [] { return std::optional<std::string>{"no metrics to serve"}; }, {}};
    const HealthEndpoint endpoint{"readyz", {apiserver::always_healthy("ping"), sick}};
    // All of it is in one second.
    test::CapturedLog log{2, [] { return std::chrono::system_clock::time_point{std::chrono::hours{1}}; }};
    for (int i = 0; i < 50; ++i) CHECK(endpoint.respond("/readyz", Query{})->status == 500);
    std::vector<std::string> expected(
        10,
        "\"Health check failed\" endpoint=\"readyz\" checks=\"metric-storage-ready (no metrics to serve)\"");
    expected.emplace_back("\"Left out lines about clients\" count=40");
    CHECK(log.lines() == expected);
}
