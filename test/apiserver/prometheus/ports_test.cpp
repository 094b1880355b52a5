// SPDX-License-Identifier: Apache-2.0
// Prometheus' API on the port for graphs, and on the secure port.
#include "apiserver/graphs_port/listener.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"
#include "test/apiserver/prometheus/scene.hpp"

#include <string>

#include <catch2/catch.hpp>

using apiserver::GraphsListener;
using test::header;
using test::prometheus::post;

namespace {

const std::string kQuery = "/api/v1/query?query=1%2B1&time=4";
const std::string kTwo = test::prometheus::result("scalar", R"([4,"2"])");

net::Response asked(GraphsListener& listener, net::Request request) {
    request.headers.set("Host", "topd");
    boost::asio::io_context loop{1};
    return test::run(loop, listener.respond(std::move(request)));
}

}  // namespace

TEST_CASE("the port for graphs serves Prometheus' API beside the old ones") {
    test::graphs::Scene old;
    old.run(14);
    test::prometheus::Scene scene;
    apiserver::Prometheus api{scene.source, scene.options()};
    apiserver::GraphsListenerOptions options;
    options.prometheus = &api;
    options.requests = 1;
    GraphsListener listener{old.graphs, options};
    const net::Response got = asked(listener, test::request(kQuery));
    CHECK(got.body == kTwo);
    CHECK(header(got, "X-Content-Type-Options") == "nosniff");
    CHECK(header(got, "Access-Control-Allow-Origin") == "<none>");
    // It has the only place.
    CHECK(asked(listener, test::request(kQuery)).status == 503);
    CHECK(asked(listener, test::request("/-/healthy")).status == 200);
    CHECK(asked(listener, test::request("/-/ready")).status == 200);
}

TEST_CASE("forms are posted to the port for graphs where Prometheus takes them") {
    test::graphs::Scene old;
    old.run(14);
    test::prometheus::Scene scene;
    apiserver::Prometheus api{scene.source, scene.options()};
    apiserver::GraphsListenerOptions options;
    options.prometheus = &api;
    GraphsListener listener{old.graphs, options};
    GraphsListener without{old.graphs, {}};
    CHECK(asked(listener, post("/api/v1/query", "query=1%2B1&time=4")).body == kTwo);
    CHECK(asked(listener, post("/api/v1/metadata", "")).status == 405);
    CHECK(asked(listener, post("/api/v1/model/nodes", "")).status == 405);
    CHECK(asked(listener, post("/api/v1/rules", "")).status == 405);
    CHECK(asked(listener, test::request("/api/v1/rules")).body == "404 page not found\n");
    CHECK(asked(listener, test::request("/api/v1/model/nodes")).body == "[\n  \"n1\"\n ]");
    CHECK(asked(listener, test::request("/")).body.find("/api/v1/query ") != std::string::npos);
    CHECK(asked(without, test::request("/")).body.find("/api/v1/query ") == std::string::npos);
    CHECK(asked(without, test::request(kQuery)).status == 404);
    CHECK(asked(without, test::request("/-/healthy")).status == 404);
    CHECK(asked(without, post("/api/v1/query", "query=1")).status == 405);
}

TEST_CASE("the secure port has Prometheus' API for those who may read its paths") {
    test::prometheus::Scene scene;
    apiserver::Prometheus api{scene.source, scene.options()};
    test::Cluster cluster;
    // Not below /api, which the role system:discovery opens to everybody who is known.
    const std::string query = "/graphs" + kQuery;
    CHECK(cluster.get(query).status == 404);
    cluster.options.prometheus = &api;
    CHECK(cluster.body(query) == kTwo);
    CHECK(!cluster.authorizer.asked.back().is_resource);
    CHECK(cluster.authorizer.asked.back().path == "/graphs/api/v1/query");
    CHECK(cluster.authorizer.asked.back().verb == "get");
    CHECK(cluster.ask(post("/graphs/api/v1/query", "query=1%2B1&time=4")).body == kTwo);
    CHECK(!cluster.authorizer.asked.back().is_resource);
    CHECK(cluster.authorizer.asked.back().verb == "post");
    CHECK(cluster.body("/graphs/api/v1/label/pod/values") ==
          test::prometheus::success(R"(["web-0","web-1"])"));
    CHECK(cluster.get("/graphs/api/v1/rules").status == 404);
    CHECK(cluster.get(kQuery).status == 404);
    // Its timeout is Prometheus' own, which takes bare seconds and says in its own form what it does not.
    for (const char* timeout : {"30", "0.5", "1m", "30s"})
        CHECK(cluster.body(query + "&timeout=" + timeout) == kTwo);
    CHECK(cluster.ask(test::request(query + "&timeout=x")).body ==
          R"({"status":"error","errorType":"bad_data","error":"invalid parameter \"timeout\": )"
          R"(cannot parse \"x\" to a valid duration"})");
    CHECK(cluster.get("/version?timeout=30").status == 400);
    CHECK(cluster.get("/graphs/-/healthy").status == 200);
    const std::string index = cluster.body("/");
    for (const std::string_view root : apiserver::kPrometheusRoots)
        CHECK(index.find("\"/graphs" + std::string{root} + "\"") != std::string::npos);
    cluster.authorizer.result.verdict = apiserver::Decision::Verdict::denied;
    CHECK(cluster.get(query).status == 403);
    CHECK(cluster.ask(post("/graphs/api/v1/query", "query=1")).status == 403);
}
