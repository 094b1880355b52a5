// SPDX-License-Identifier: Apache-2.0
#include "apiserver/health.hpp"

#include "test/topd/captured_log.hpp"

#include <catch2/catch.hpp>

using apiserver::HealthCheck;
using apiserver::HealthEndpoint;
using apiserver::Query;

namespace {

HealthCheck failing(std::string name, std::string why) {
    auto failure = [why] { return std::optional<std::string>{why}; };
    return {std::move(name), failure, {}};
}

const HealthEndpoint kHealthy{
    "readyz", {apiserver::always_healthy("ping"), apiserver::always_healthy("poststarthook/x")}};
const HealthEndpoint kSick{
    "readyz", {apiserver::always_healthy("ping"), failing("metric-storage-ready", "no metrics to serve")}};

struct Case {
    const HealthEndpoint& endpoint;
    const char* path;
    const char* query;
    unsigned status;
    std::string body;
};

}  // namespace

TEST_CASE("health pages have the texts of an API server") {
    const Case cases[] = {
        {kHealthy, "/readyz", "", 200, "ok"},
        {kHealthy, "/readyz", "verbose", 200, "[+]ping ok\n[+]poststarthook/x ok\nreadyz check passed\n"},
        {kHealthy, "/readyz", "verbose=false", 200,
         "[+]ping ok\n[+]poststarthook/x ok\nreadyz check passed\n"},
        {kHealthy, "/readyz", "exclude=ping", 200, "ok"},
        {kHealthy, "/readyz", "verbose&exclude=ping", 200,
         "[+]ping excluded: ok\n[+]poststarthook/x ok\nreadyz check passed\n"},
        {kHealthy, "/readyz", "verbose&exclude=nope&exclude=ping&exclude=bad", 200,
         "[+]ping excluded: ok\n[+]poststarthook/x ok\nwarn: some health checks cannot be excluded: no "
         "matches for \"bad\",\"nope\"\nreadyz check passed\n"},
        {kHealthy, "/readyz/ping", "", 200, "ok"},
        {kHealthy, "/readyz/poststarthook/x", "", 200, "ok"},
        {kSick, "/readyz", "", 500,
         "[+]ping ok\n[-]metric-storage-ready failed: reason withheld\nreadyz check failed\n"},
        {kSick, "/readyz", "exclude=metric-storage-ready", 200, "ok"},
        {kSick, "/readyz/ping", "", 200, "ok"},
        {kSick, "/readyz/metric-storage-ready", "", 500, "internal server error: no metrics to serve\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.path, c.query);
        const auto response = c.endpoint.respond(c.path, Query{c.query});
        REQUIRE(response.has_value());
        CHECK(response->status == c.status);
        CHECK(response->body == c.body);
        CHECK(response->headers.find("Content-Type") == "text/plain; charset=utf-8");
    }
}

TEST_CASE("with verbose a cause follows its check, whether it fails or passes") {
    HealthCheck passes = apiserver::always_healthy("a");
    HealthCheck fails = failing("b", "broken");
    passes.cause = fails.cause = [](HealthCheck::Reader reader) {
        return reader == HealthCheck::Reader::anybody ? "0 of 3" : "0 of 3 (n1)";
    };
    CHECK(HealthEndpoint("readyz", {passes}).respond("/readyz", Query{"verbose"})->body ==
          "[+]a ok\n    cause: 0 of 3\nreadyz check passed\n");
    const HealthEndpoint both{"readyz", {passes, fails}};
    CHECK(
        both.respond("/readyz", Query{"verbose"})->body ==
        "[+]a ok\n    cause: 0 of 3\n[-]b failed: reason withheld\n    cause: 0 of 3\nreadyz check failed\n");
    CHECK(both.respond("/readyz", Query{})->body ==
          "[+]a ok\n[-]b failed: reason withheld\nreadyz check failed\n");
    CHECK(both.respond("/readyz/b", Query{})->body == "internal server error: broken: 0 of 3 (n1)\n");
    CHECK(both.respond("/readyz/a", Query{})->body == "ok");
}

TEST_CASE("a flood of requests for a page that fails writes ten lines a second and a count") {
    // All of it is in one second.
    test::CapturedLog log{2, [] { return std::chrono::system_clock::time_point{std::chrono::hours{1}}; }};
    for (int i = 0; i < 50; ++i) CHECK(kSick.respond("/readyz", Query{})->status == 500);
    std::vector<std::string> expected(
        10,
        "\"Health check failed\" endpoint=\"readyz\" checks=\"metric-storage-ready (no metrics to serve)\"");
    expected.emplace_back("\"Left out lines about clients\" count=40");
    CHECK(log.lines() == expected);
}

TEST_CASE("what is not a check is not answered") {
    for (const char* path : {"/readyz/", "/readyz/nope", "/livez", "/readyz/poststarthook", "/readyzz"})
        CHECK_FALSE(kHealthy.respond(path, Query{}));
    CHECK(kHealthy.paths() == std::vector<std::string>{"/readyz", "/readyz/ping", "/readyz/poststarthook/x"});
}

TEST_CASE("the summary forbids content sniffing and so does a failure") {
    CHECK(kHealthy.respond("/readyz", Query{})->headers.find("X-Content-Type-Options") == "nosniff");
    CHECK(kSick.respond("/readyz", Query{})->headers.find("X-Content-Type-Options") == "nosniff");
    CHECK_FALSE(kHealthy.respond("/readyz/ping", Query{})->headers.contains("X-Content-Type-Options"));
}
