// SPDX-License-Identifier: Apache-2.0
// What is refused, with which code, type and text (prometheus/prometheus 3.16).
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/prometheus/scene.hpp"

#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

using test::header;
using test::prometheus::error;
using test::prometheus::post;
using test::prometheus::Scene;

namespace {

const std::string kRange = "/api/v1/query_range?query=up";

struct BrokenSource final : query::SeriesSource {
    std::unique_ptr<query::SeriesCursor> select(std::span<const query::Matcher>,
                                                query::MillisRange) const override {
        throw std::logic_error{"a series without a name"};
    }
};

}  // namespace

TEST_CASE("parameters that cannot be read are bad data") {
    Scene scene;
    struct Case {
        std::string target;
        std::string text;
    };
    const std::string no_time = "\"\" to a valid timestamp";
    const std::string resolution =
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution "
        "(?step=XX)";
    const std::string step =
        "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a "
        "positive integer";
    const Case cases[] = {
        {"/api/v1/query?query=sum(",
         "invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis"},
        {"/api/v1/query?query=up[5m:1m]",
         "invalid parameter \"query\": 1:3: parse error: subqueries are not "
         "supported"},
        {"/api/v1/query?query=up&time=x",
         "invalid parameter \"time\": invalid time value for 'time': cannot parse \"x\" to a valid "
         "timestamp"},
        {"/api/v1/query?query=up&timeout=x",
         "invalid parameter \"timeout\": cannot parse \"x\" to a valid duration"},
        {"/api/v1/query?query=up&limit=x",
         "invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax"},
        {"/api/v1/query?query=up&limit=9223372036854775808",
         "invalid parameter \"limit\": strconv.Atoi: parsing \"9223372036854775808\": value out of range"},
        {"/api/v1/query?query=up&limit=-1", "invalid parameter \"limit\": limit must be non-negative"},
        {kRange, "invalid parameter \"start\": cannot parse " + no_time},
        {kRange + "&start=1", "invalid parameter \"end\": cannot parse " + no_time},
        {kRange + "&start=1&end=2", "invalid parameter \"step\": cannot parse \"\" to a valid duration"},
        {kRange + "&start=2&end=1&step=1",
         "invalid parameter \"end\": end timestamp must not be before start time"},
        {kRange + "&start=1&end=2&step=0", step},
        {kRange + "&start=1&end=2&step=-1", step},
        {kRange + "&start=1&end=2&step=0.0009", step},
        {kRange + "&start=0&end=11001&step=1", resolution},
        {kRange + "&start=-1e300&end=1e300&step=1e9", resolution},
        {kRange + "&start=1&end=2&step=1e10",
         "invalid parameter \"step\": cannot parse \"1e10\" to a valid duration. It overflows int64"},
        {"/api/v1/query_range?query=up[5m]&start=1&end=2&step=1",
         "invalid parameter \"query\": invalid expression type \"range vector\" for range query, must be "
         "Scalar or instant Vector"},
        {"/api/v1/query_range?query=%22s%22&start=1&end=2&step=1",
         "invalid parameter \"query\": invalid expression type \"string\" for range query, must be "
         "Scalar or instant Vector"},
        {"/api/v1/series", "no match[] parameter provided"},
        {"/api/v1/series?match[]=up&start=x",
         "invalid parameter \"start\": invalid time value for 'start': "
         "cannot parse \"x\" to a valid timestamp"},
        {"/api/v1/series?match[]=up&end=x",
         "invalid parameter \"end\": invalid time value for 'end': cannot "
         "parse \"x\" to a valid timestamp"},
        {"/api/v1/labels?match[]=up[5m]",
         "invalid parameter \"match[]\": 1:1: parse error: a selector is expected, without range and offset"},
        {"/api/v1/label/pod/values?limit=1.5",
         "invalid parameter \"limit\": strconv.Atoi: parsing \"1.5\": invalid syntax"},
        {"/api/v1/metadata?limit=x", "limit must be a number"},
        {"/api/v1/metadata?limit_per_metric=x", "limit_per_metric must be a number"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target);
        const net::Response response = scene.ask(test::request(c.target));
        CHECK(response.status == 400);
        CHECK(header(response, "Content-Type") == "application/json");
        CHECK(response.body == error("bad_data", c.text));
    }
    CHECK(scene.ask(test::request(kRange + "&start=0&end=11000&step=1")).status == 200);
}

TEST_CASE("an error shows the beginning of what it could not read") {
    Scene scene;
    const std::string most(256, 'x');
    const std::string more(100'000, 'x');
    CHECK(
        scene.body(kRange + "&start=" + more) ==
        error("bad_data", "invalid parameter \"start\": cannot parse \"" + most + "\" to a valid timestamp"));
    CHECK(scene.body(kRange + "&start=1&end=1&step=" + more) ==
          error("bad_data", "invalid parameter \"step\": cannot parse \"" + most + "\" to a valid duration"));
    CHECK(scene.ask(test::request("/api/v1/query?limit=" + more)).body.size() < 1000);
    CHECK(scene.ask(post("/api/v1/query", "a=1", more)).body.size() < 1000);
}

TEST_CASE("so many selectors, and so many patterns in them, are tried") {
    Scene scene;
    const auto ask = [&](int selectors, const std::string& selector) {
        std::string target = "/api/v1/series?limit=1";
        for (int i = 0; i < selectors; ++i) target += "&match[]=" + selector;
        return scene.ask(test::request(target));
    };
    CHECK(ask(32, "up").status == 200);
    CHECK(ask(33, "up").body == error("bad_data", "more than 32 match[] parameters are not supported"));
    CHECK(ask(8, "{a=~\".\",b=~\".*\",c=~\".*\",d=~\".*\"}").status == 200);
    CHECK(ask(9, "{a=~\".\",b=~\".*\",c=~\".*\",d=~\".*\"}").body ==
          error("bad_data", "more than 32 regular expressions in match[] are not supported"));
}

TEST_CASE("what is found while evaluating is 422") {
    Scene scene;
    scene.source.add("info{node=\"n1\",a=\"1\"}", 15, {1}, test::prometheus::kEnd);
    scene.source.add("info{node=\"n1\",a=\"2\"}", 15, {1}, test::prometheus::kEnd);
    const net::Response many = scene.ask(test::request("/api/v1/query?query=up*on(node)info"));
    CHECK(many.status == 422);
    CHECK(many.body.starts_with(R"({"status":"error","errorType":"execution","error":"found duplicate)"));
    CHECK(many.body.ends_with(
        "many-to-many matching not allowed: matching labels must be unique on one side\"}"));
    CHECK(
        scene.ask(test::request("/api/v1/query?query=info*on(node)up")).body ==
        error("execution",
              "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"));
    apiserver::PrometheusOptions options = scene.options();
    options.limits.samples = 10;
    const net::Response samples =
        scene.ask(test::request("/api/v1/query?query=container_memory_working_set_bytes[10m]"), options);
    CHECK(samples.status == 422);
    CHECK(samples.body ==
          error("execution", "query processing would load too many samples into memory in query execution"));
    options = scene.options();
    options.limits.listed_series = 2;
    CHECK(scene.ask(test::request("/api/v1/labels"), options).status == 422);
}

TEST_CASE("a query that takes too long ends") {
    Scene scene;
    apiserver::PrometheusOptions options = scene.options();
    net::Clock::time_point now{};
    // A second passes whenever somebody looks.
    options.monotonic_clock = [&now] { return now += std::chrono::seconds{1}; };
    options.turn_units = 1;
    options.longest_wait = std::chrono::hours{24 * 365};
    const std::string range =
        "/api/v1/query_range?query=sum(up)&start=1767607200&end=1767607800&step=15&timeout=";
    const std::string late = error("timeout", "query timed out in expression evaluation");
    now = net::Clock::now() + std::chrono::hours{1};
    const net::Response response = scene.ask(test::request(range + "1"), options);
    CHECK(response.status == 503);
    CHECK(response.body == late);
    CHECK(scene.ask(test::request(range + "1h"), options).status == 200);
    CHECK(scene.ask(test::request(range + "-1"), options).body == late);
    options.longest_timeout = std::chrono::seconds{1};
    CHECK(scene.ask(test::request(range + "1h"), options).body == late);
    options.longest_timeout = std::chrono::hours{1};
    options.timeout = std::chrono::seconds{1};
    CHECK(scene.ask(test::request("/api/v1/labels"), options).body == late);
}

TEST_CASE("a bug is 500 and says what it is") {
    const Scene scene;
    const BrokenSource broken;
    apiserver::Prometheus api{broken, scene.options()};
    boost::asio::io_context loop{1};
    const net::Response response =
        test::run(loop, test::prometheus::respond(api, test::request("/api/v1/query?query=up")));
    CHECK(response.status == 500);
    CHECK(response.body == error("internal", "a series without a name"));
    // The turn is free again.
    boost::asio::io_context again{1};
    CHECK(test::run(again, test::prometheus::respond(api, test::request("/api/v1/query?query=1"))).status ==
          200);
}

TEST_CASE("a body must be a form, of a size") {
    Scene scene;
    const net::Response json =
        scene.ask(post("/api/v1/query?query=1", R"({"query":"1"})", "application/json"));
    CHECK(json.status == 400);
    CHECK(json.body == error("bad_data",
                             "error parsing form values: Content-Type \"application/json\" is not "
                             "application/x-www-form-urlencoded"));
    CHECK(scene.ask(post("/api/v1/query?query=1", "a=b", "")).status == 400);
    const std::string pad = "query=1&pad=";
    CHECK(
        scene.ask(post("/api/v1/query", pad + std::string(apiserver::kFormBytes - pad.size(), 'x'))).status ==
        200);
    const net::Response long_one =
        scene.ask(post("/api/v1/query", pad + std::string(apiserver::kFormBytes - pad.size() + 1, 'x')));
    CHECK(long_one.status == 413);
    CHECK(long_one.body == error("bad_data", "the body is longer than 1 MiB"));
}
