// SPDX-License-Identifier: Apache-2.0
// What Kubernetes Dashboard's metrics client gets, byte for byte.
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using test::graphs::points;
using test::graphs::Scene;

namespace {

const std::string kDashboard = "/api/v1/dashboard";

std::string item(const std::string& name, const std::string& metric, const std::string& shown) {
    return R"({"dataPoints":[],"metricPoints":[)" + shown + R"(],"metricName":")" + metric +
           R"(","uids":[")" + name + R"("]})";
}

std::string items(const std::string& some) {
    return R"({"items":[)" + some + "]}";
}

}  // namespace

TEST_CASE("the scraper's paths are answered as the scraper answers them") {
    Scene scene;
    // Until 10:03:15; the first tick has no rates.
    scene.run(14);
    const std::string web_0 = item("web-0", "cpu", points(1, 3, 102));
    const std::string web_1 = item("web-1", "cpu", points(1, 3, 20));
    const std::string pods = kDashboard + "/namespaces/shop/pod-list/";
    const std::pair<std::string, std::string> cases[] = {
        // As Dashboard's client asks (kubernetes/dashboard, modules/api/pkg/integration/metric/sidecar).
        {kDashboard + "/nodes/n1/metrics/cpu/usage_rate", items(item("n1", "cpu", points(1, 3, 250)))},
        {kDashboard + "/nodes/n1/metrics/memory/usage", items(item("n1", "memory", points(1, 3, 1'048'576)))},
        {pods + "web-0,web-1/metrics/cpu/usage_rate", items(web_0 + "," + web_1)},
        {pods + "web-0,web-1/metrics/memory/usage", items(item("web-0", "memory", points(1, 3, 49'152)) +
                                                          "," + item("web-1", "memory", points(1, 3, 4096)))},
        // It takes a comma in either form, names in any order, and each once.
        {pods + "web-0%2Cweb-1/metrics/cpu/usage_rate", items(web_0 + "," + web_1)},
        {pods + "web-1,nope,web-0,web-1,,/metrics/cpu/x", items(web_0 + "," + web_1)},
        {kDashboard + "/nodes/n1,idle,n1/metrics/cpu/x", items(item("n1", "cpu", points(1, 3, 250)))},
        // Only "cpu" is CPU.
        {pods + "web-1/metrics/foo/bar", items(item("web-1", "foo", points(1, 3, 4096)))},
        {pods + "web-1/metrics/CPU/bar", items(item("web-1", "CPU", points(1, 3, 4096)))},
        {pods + "web-1/metrics/%3Cb%22/bar", items(item("web-1", R"(\u003cb\")", points(1, 3, 4096)))},
        // The query is nothing to it.
        {pods + "web-1/metrics/cpu/usage_rate?start=x", items(web_1)},
        {pods + "nope/metrics/cpu/usage_rate", R"({"items":null})"},
        {pods + ",/metrics/cpu/usage_rate", R"({"items":null})"},
        {pods + "web-/metrics/cpu/usage_rate", R"({"items":null})"},
        {pods + "web-0%00/metrics/cpu/usage_rate", R"({"items":null})"},
        {kDashboard + "/namespaces/nope/pod-list/web-0/metrics/cpu/usage_rate", R"({"items":null})"},
        {kDashboard + "/nodes/nope/metrics/cpu/usage_rate", R"({"items":null})"},
        {kDashboard + "/nodes/idle/metrics/cpu/usage_rate", R"({"items":null})"},
    };
    for (const auto& [target, expected] : cases) {
        CAPTURE(target);
        const net::Response response = scene.ask(test::request(target));
        CHECK(response.status == 200);
        CHECK(response.body == expected);
        CHECK(test::header(response, "Content-Type") == "text/plain; charset=utf-8");
    }
}

TEST_CASE("whatever else is below the scraper's root says where it was asked") {
    Scene scene;
    scene.run(2);
    for (const char* rest : {"", "/", "/nodes", "/nodes/n1/metrics/cpu", "/nodes/n1/metrics/cpu/usage_rate/",
                             "/nodes//metrics/cpu/usage_rate", "//nodes/n1/metrics/cpu/usage_rate",
                             "/namespaces/shop/pod-list/web-0/metrics/cpu", "/%2e%2e/x?y=1"}) {
        CAPTURE(rest);
        const net::Response response = scene.ask(test::request(kDashboard + rest));
        CHECK(response.status == 200);
        CHECK(response.body == "2026-01-05T10:00:15Z - URL: " + kDashboard + rest);
        CHECK(test::header(response, "Content-Type") == "text/plain; charset=utf-8");
    }
    CHECK(scene.ask(test::request("/api/v1/dashboards")).status == 0);
    const net::Response refused = scene.ask(test::request(kDashboard + "/nodes", {}, "POST"));
    CHECK(refused.status == 405);
    CHECK(test::header(refused, "Allow") == "GET, HEAD");
}

TEST_CASE("the scraper's API shows the last 15 minutes that are over") {
    Scene scene;
    const std::string target = kDashboard + "/nodes/n1/metrics/cpu/usage_rate";
    CHECK(scene.body(target) == R"({"items":null})");
    // 10:00:45: a rate, and no whole minute yet.
    scene.run(4);
    CHECK(scene.body(target) == R"({"items":null})");
    scene.run(1);
    CHECK(scene.body(target) == items(item("n1", "cpu", points(1, 1, 250))));
    scene.run(4 * 14);
    CHECK(scene.body(target) == items(item("n1", "cpu", points(1, 15, 250))));
    // 10:20:45
    scene.run(4 * 5 + 3);
    CHECK(scene.body(target) == items(item("n1", "cpu", points(6, 20, 250))));
}

TEST_CASE("a minute shows its newest tick and no other") {
    Scene scene;
    // 10:01:15
    scene.run(6);
    scene.loads[2].memory = 8192;
    // 10:02:00
    scene.run(3);
    const std::string target = kDashboard + "/namespaces/shop/pod-list/web-1/metrics/memory/usage";
    CHECK(scene.body(target) ==
          items(item("web-1", "memory", points(1, 1, 4096) + "," + points(2, 2, 8192))));
    // Gone by name, but not forgotten: its last tick is that of 10:02:15.
    scene.run(1);
    scene.remove("shop", "web-1");
    scene.run(8);
    CHECK(scene.body(target) ==
          items(item("web-1", "memory", points(1, 1, 4096) + "," + points(2, 3, 8192))));
}

TEST_CASE("a long list of pods comes in pieces") {
    Scene scene;
    std::string names;
    for (int i = 0; i < 2000; ++i) {
        scene.loads.push_back({"big", "pod-" + std::to_string(10'000 + i), "main", 5, 4096});
        scene.store.put_pod("big", scene.loads.back().pod, {});
        names += (names.empty() ? "" : ",") + scene.loads.back().pod;
    }
    scene.run(4 * 3 + 1);
    std::string expected;
    for (int i = 0; i < 2000; ++i)
        expected += (i == 0 ? "" : ",") + item("pod-" + std::to_string(10'000 + i), "cpu", points(1, 3, 5));
    const std::string target = kDashboard + "/namespaces/big/pod-list/" + names + "/metrics/cpu/usage_rate";

    boost::asio::io_context loop{1};
    const net::Request asked = test::request(target);
    const auto parsed = apiserver::parse_target(target);
    auto response = test::run(loop, scene.graphs.respond(asked, parsed->path, parsed->query));
    REQUIRE(response->source);
    std::string body = std::move(response->body);
    std::size_t largest = body.size();
    for (net::Piece piece = net::Piece::more; piece == net::Piece::more;) {
        std::string out;
        loop.restart();
        piece = test::run(loop, response->source->next(out)).value();
        largest = std::max(largest, out.size());
        body += out;
    }
    CHECK(body == items(expected));
    CHECK(largest < 160 * 1024);

    const net::Response packed = scene.ask(test::request(target, {{"Accept-Encoding", "gzip"}}));
    CHECK(test::header(packed, "Content-Encoding") == "gzip");
    CHECK(packed.body.size() < body.size() / 10);
    // Names by the 100,000 are too much.
    CHECK(scene
              .ask(test::request(kDashboard + "/namespaces/big/pod-list/" + std::string(99'999, ',') +
                                 "/metrics/cpu/usage_rate"))
              .body == R"({"items":null})");
    CHECK(scene
              .ask(test::request(kDashboard + "/namespaces/big/pod-list/" + std::string(100'000, ',') +
                                 "/metrics/cpu/usage_rate"))
              .status == 400);
}
