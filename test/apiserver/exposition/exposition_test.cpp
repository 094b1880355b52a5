// SPDX-License-Identifier: Apache-2.0
// /metrics as clients see it.
#include "apiserver/exposition/exposition.hpp"

#include "test/apiserver/fixture.hpp"
#include "test/gzip/inflated.hpp"

#include <catch2/catch.hpp>

using test::Cluster;
using test::header;
using test::inflated;

namespace {

constexpr telemetry::Family kLetters{"letters", "Letters.", telemetry::MetricType::gauge};

// A cluster with a page of some letters.
struct Scene {
    explicit Scene(std::uint64_t letters) {
        page.add_long([letters](telemetry::MetricsText& text, std::string& cursor) {
            if (cursor.empty()) text.begin(kLetters);
            text.resume(kLetters);
            for (std::uint64_t n = cursor.empty() ? 0 : std::stoull(cursor); n < letters; ++n) {
                cursor = std::to_string(n);
                if (text.full()) return true;
                text.sample({{"name", "some quite long name"}}, n);
            }
            return false;
        });
        cluster.options.page = &page;
        cluster.options.started = 1'795'361'000;
    }

    telemetry::MetricsPage page;
    Cluster cluster;
};

std::string page_text(std::uint64_t letters) {
    std::string text = "# HELP letters Letters.\n# TYPE letters gauge\n";
    for (std::uint64_t n = 0; n < letters; ++n)
        text += "letters{name=\"some quite long name\"} " + std::to_string(n) + "\n";
    return text;
}

}  // namespace

TEST_CASE("the page of metrics has its type and the process's start") {
    Scene scene{2};
    const auto accept = GENERATE(as<std::string>{}, "", "application/json", "text/plain;version=1.0.0",
                                 "application/openmetrics-text;version=1.0.0");
    const net::Response response = scene.cluster.get("/metrics", {{"Accept", accept}});
    CHECK(response.status == 200);
    CHECK(header(response, "Content-Type") ==
          "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
    CHECK(header(response, "Process-Start-Time-Unix") == "1795361000");
    CHECK(header(response, "Cache-Control") == "no-cache, private");
    CHECK(header(response, "Content-Encoding") == "<none>");
    CHECK(response.body == page_text(2));
}

TEST_CASE("the page of metrics is for those who may get /metrics") {
    Scene scene{2};
    scene.cluster.authorizer.result = {apiserver::Decision::Verdict::denied, "no rule"};
    const net::Response response = scene.cluster.get("/metrics");
    CHECK(response.status == 403);
    CHECK(response.body.find("User \\\"joe\\\" cannot get path \\\"/metrics\\\": no rule") !=
          std::string::npos);
    REQUIRE(scene.cluster.authorizer.asked.size() == 1);
    CHECK(!scene.cluster.authorizer.asked[0].is_resource);
    CHECK(scene.cluster.authorizer.asked[0].verb == "get");
    CHECK(scene.cluster.authorizer.asked[0].path == "/metrics");
}

TEST_CASE("there is nothing below /metrics and nothing without a page") {
    Scene scene{2};
    CHECK(scene.cluster.get("/metrics/").status == 404);
    CHECK(scene.cluster.get("/metrics/x").status == 404);
    CHECK(scene.cluster.body("/").find("\"/metrics\",") != std::string::npos);
    Cluster bare;
    CHECK(bare.get("/metrics").status == 404);
    CHECK(bare.body("/").find("/metrics\"") == std::string::npos);
}

TEST_CASE("a long page is sent in pieces and compressed when gzip is accepted") {
    Scene scene{20'000};
    telemetry::MetricsPage::Reader reader{scene.page};
    std::string first;
    CHECK(reader.next(first, apiserver::Exposition::kPieceBytes));
    CHECK(first.size() < apiserver::Exposition::kPieceBytes + 1000);

    CHECK(scene.cluster.get("/metrics").body == page_text(20'000));
    const net::Response packed = scene.cluster.get("/metrics", {{"Accept-Encoding", "deflate, gzip"}});
    CHECK(header(packed, "Content-Encoding") == "gzip");
    CHECK(inflated(packed.body) == page_text(20'000));
    SECTION("a short one as well") {
        Scene short_one{1};
        const net::Response response = short_one.cluster.get("/metrics", {{"Accept-Encoding", "gzip"}});
        CHECK(inflated(response.body) == page_text(1));
    }
}

TEST_CASE("pages beyond the budget are sent as they are") {
    Scene scene{20'000};
    apiserver::Exposition exposition{scene.page, 0};
    std::vector<net::Response> open;
    for (std::size_t i = 0; i <= apiserver::Exposition::kCompressed; ++i)
        open.push_back(exposition.respond(test::request("/metrics", {{"Accept-Encoding", "gzip"}})));
    CHECK(header(open[apiserver::Exposition::kCompressed - 1], "Content-Encoding") == "gzip");
    CHECK(header(open[apiserver::Exposition::kCompressed], "Content-Encoding") == "<none>");
    open.pop_back();
    open.pop_back();
    const net::Response next = exposition.respond(test::request("/metrics", {{"Accept-Encoding", "gzip"}}));
    CHECK(header(next, "Content-Encoding") == "gzip");
}

TEST_CASE("what is given out is counted by its age") {
    Cluster cluster;
    cluster.fill();
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    const auto get = [&](const std::string& path) {
        net::Response response = test::respond(api, test::request(test::kMetrics + path));
        test::whole_body(response);
    };
    const auto ages = [&] {
        std::string out;
        telemetry::MetricsText text{out};
        api.write_metrics(text);
        return out.substr(out.find("# HELP metrics_server_api_metric_freshness_seconds"));
    };
    // Two nodes have figures and two pods; all are 8 s old.
    get("/nodes");
    get("/pods");
    get("/nodes/n1");
    get("/nodes/n3");
    get("/namespaces/default/pods/web-0");
    get("/pods?labelSelector=app%3Dnone");
    CHECK(ages() ==
          R"(# HELP metrics_server_api_metric_freshness_seconds [ALPHA] Freshness of metrics exported
# TYPE metrics_server_api_metric_freshness_seconds histogram
metrics_server_api_metric_freshness_seconds_bucket{le="1"} 0
metrics_server_api_metric_freshness_seconds_bucket{le="1.364"} 0
metrics_server_api_metric_freshness_seconds_bucket{le="1.8604960000000004"} 0
metrics_server_api_metric_freshness_seconds_bucket{le="2.5377165440000007"} 0
metrics_server_api_metric_freshness_seconds_bucket{le="3.4614453660160014"} 0
metrics_server_api_metric_freshness_seconds_bucket{le="4.721411479245826"} 0
metrics_server_api_metric_freshness_seconds_bucket{le="6.440005257691307"} 0
metrics_server_api_metric_freshness_seconds_bucket{le="8.784167171490942"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="11.981604021913647"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="16.342907885890217"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="22.291726356354257"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="30.405914750067208"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="41.47366771909167"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="56.57008276884105"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="77.16159289669919"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="105.2484127110977"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="143.55883493793726"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="195.81425085534644"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="267.09063816669254"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="364.31163045936864"} 6
metrics_server_api_metric_freshness_seconds_bucket{le="+Inf"} 6
metrics_server_api_metric_freshness_seconds_sum 48
metrics_server_api_metric_freshness_seconds_count 6
)");
}
