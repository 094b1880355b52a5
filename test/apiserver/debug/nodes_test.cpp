// SPDX-License-Identifier: Apache-2.0
// What an operator reads who asks how nodes are scraped.
#include "test/apiserver/debug/lab.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace test::debug;
using test::header;

namespace {

const std::string kSecond =
    R"({"node":"n2","state":"failing","url":"https://10.0.0.2:10250/metrics/resource","lastScrape":"2026-11-22T15:31:16.000Z","latency":"1s","lastSuccess":"2026-11-22T15:30:01.000Z","nextScrape":"2026-11-22T15:31:31.000Z","failures":5,"reason":"timeout","error":"GET https://10.0.0.2:10250/metrics/resource: timeout","hint":"topd must reach the kubelet's port","pods":0,"served":false,"lack":"noPage","why":"no page has come yet"})";
const std::string kThird =
    R"({"node":"n3","state":"pending","failures":0,"pods":0,"served":false,"lack":"noPage","why":"no page has come yet"})";
const std::string kHead = R"({"time":"2026-11-22T15:31:26.000Z","summary":"1 of 3 nodes scraped","nodes":[)";
const std::string kTableSecond =
    "n2                                failing      1m25s ago     1s                   5         5s    0     "
    "https://10.0.0.2:10250/metrics/resource       GET https://10.0.0.2:10250/metrics/resource: timeout; "
    "hint: topd "
    "must reach the kubelet's port\n";

}  // namespace

TEST_CASE("the list of nodes says how each is scraped") {
    const std::string all = kHead + "\n" + kFirst + ",\n" + kSecond + ",\n" + kThird + "\n]}\n";
    const std::string failing = kHead + "\n" + kSecond + "\n]}\n";
    const std::string v1beta1 = "/apis/metrics.k8s.io/v1beta1/debug/nodes";
    const std::pair<std::string, std::string> cases[] = {
        {"/debug/nodes", all},
        {"/debug/nodes/", all},
        {v1beta1, all},
        {"/apis/metrics.k8s.io/v1/debug/nodes", all},
        {"/debug/nodes?node=n2", failing},
        {v1beta1 + "?state=failing", failing},
        {"/debug/nodes?node=n1&state=failing", kHead + "\n]}\n"},
        {"/debug/nodes?node=nope", kHead + "\n]}\n"},
    };
    ThreeNodes cluster;
    for (const auto& [target, expected] : cases) {
        CAPTURE(target);
        const net::Response response = cluster.get(target);
        CHECK(response.status == 200);
        CHECK(response.body == expected);
        CHECK(header(response, "Content-Type") == "application/json");
        CHECK(nlohmann::json::accept(response.body));
    }
    CHECK(cluster.body("/debug/nodes?format=table&state=ok") == kNodesHead + kTableFirst);
    CHECK(cluster.body("/debug/nodes?format=table&node=n2") == kNodesHead + kTableSecond);
}

TEST_CASE("programs get JSON and people a table") {
    struct Case {
        const char* accept;
        const char* query;
        const char* type;
    };
    const char* json = "application/json";
    const char* text = "text/plain; charset=utf-8";
    const Case cases[] = {
        {"", "", json},
        {"*/*", "", json},
        // kubectl get --raw
        {"application/json, */*", "", json},
        {"text/plain", "", text},
        {"text/*", "", text},
        {"text/html, application/json;q=0.5", "", text},
        {"application/json;q=0.5, text/plain", "", text},
        {"text/plain", "?format=json", json},
        {"application/json", "?format=table", text},
    };
    ThreeNodes cluster;
    for (const char* path : {"/debug/nodes", "/debug/pods/default/web"}) {
        for (const Case& c : cases) {
            CAPTURE(path, c.accept, c.query);
            const net::Response response = cluster.get(std::string{path} + c.query, {{"Accept", c.accept}});
            CHECK(header(response, "Content-Type") == c.type);
            CHECK((response.body.front() == '{') == (std::string{c.type} == json));
        }
        const net::Response refused = cluster.get(std::string{path} + "?format=wide");
        CHECK(refused.status == 400);
        CHECK_THAT(refused.body,
                   Catch::Contains(R"("message":"format must be json or table, not \"wide\"")"));
        CHECK(cluster.ask(test::request(path, {}, "POST")).status == 405);
    }
}

TEST_CASE("fifteen thousand nodes leave in pieces") {
    ThreeNodes cluster;
    for (int i = 0; i < 15'000; ++i) cluster.store.put_node("node-" + std::to_string(100'000 + i), {});
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    for (const std::string query : {"", "?format=table", "?state=failing"}) {
        boost::asio::io_context loop{1};
        net::Response response = test::run(loop, api.respond(test::request("/debug/nodes" + query)));
        REQUIRE(response.source);
        std::string body;
        std::size_t pieces = 0;
        std::size_t largest = 0;
        for (bool more = true; more;) {
            std::string piece;
            boost::asio::io_context turn{1};
            more = test::run(turn, response.source->next(piece)).value() == net::Piece::more;
            CHECK_FALSE(piece.empty());
            largest = std::max(largest, piece.size());
            ++pieces;
            body += piece;
        }
        CAPTURE(query);
        CHECK(largest < 100'000);
        if (query.empty()) CHECK(nlohmann::json::parse(body).at("nodes").size() == 15'003);
        if (query == "?format=table") CHECK(std::count(body.begin(), body.end(), '\n') == 15'005);
        if (query == "?state=failing") CHECK(pieces == 1);
    }
}

TEST_CASE("each debug page must be allowed by itself") {
    struct Case {
        const char* target;
        bool is_resource;
        const char* what;
    };
    const Case cases[] = {
        {"/debug/nodes?node=n1", false, "get /debug/nodes"},
        {"/debug/pods/default/web", false, "get /debug/pods/default/web"},
        {"/apis/metrics.k8s.io/v1beta1/debug/nodes", true, "get debug/ nodes in "},
        {"/apis/metrics.k8s.io/v1/namespaces/default/pods/web/debug", true, "get pods/debug web in default"},
    };
    ThreeNodes cluster;
    cluster.authorizer.result = {apiserver::Decision::Verdict::denied, "no rule"};
    for (const Case& c : cases) {
        CAPTURE(c.target);
        CHECK(cluster.get(c.target).status == 403);
        const apiserver::RequestInfo& asked = cluster.authorizer.asked.back();
        CHECK(asked.is_resource == c.is_resource);
        const std::string what = c.is_resource ? asked.verb + " " + asked.resource + "/" + asked.subresource +
                                                     " " + asked.name + " in " + asked.name_space
                                               : asked.verb + " " + asked.path;
        CHECK(what == c.what);
    }
}

TEST_CASE("paths that only resemble debug pages are none") {
    ThreeNodes cluster;
    for (const char* target :
         {"/debug", "/debug/", "/debug/pods", "/debug/pods/default", "/debug/nodes/n1", "//debug/nodes",
          "/debug/pods/default/web/x", "/debugx/nodes", "/debug/pprof"}) {
        CAPTURE(target);
        CHECK(cluster.get(target).status == 404);
    }
    for (const char* target : {"/apis/metrics.k8s.io/v2/debug/nodes", "/apis/metrics.k8s.io/v1/debug",
                               "/apis/metrics.k8s.io/v1/nodes/debug",
                               "/apis/metrics.k8s.io/v1/pods/web/debug", "/apis/other/v1/debug/nodes"}) {
        CAPTURE(target);
        CHECK(cluster.get(target).status == 404);
        CHECK_THAT(cluster.get(target).body, !Catch::Contains("\"state\""));
    }
    const std::string index = cluster.body("/");
    CHECK_THAT(index, Catch::Contains("\"/debug/nodes\",\n    \"/debug/pods\","));
    cluster.options.debug.reports = {};
    CHECK(cluster.get("/debug/nodes").status == 404);
    CHECK_THAT(cluster.body("/"), !Catch::Contains("debug"));
}

TEST_CASE("where nothing is reported there are no debug pages, in the group nor beside it") {
    ThreeNodes cluster;
    cluster.options.debug.reports = {};
    for (const char* target :
         {"/debug/nodes", "/debug/pods/default/web", "/apis/metrics.k8s.io/v1/debug/nodes",
          "/apis/metrics.k8s.io/v1/namespaces/default/pods/web/debug"}) {
        CAPTURE(target);
        CHECK(cluster.get(target).status == 404);
    }
}

TEST_CASE("a scrape that took less than a millisecond took some microseconds") {
    ThreeNodes cluster;
    cluster.scrapes["n3"].started = cluster.now - 812us;
    cluster.scrapes["n3"].ended = cluster.now;
    CHECK_THAT(cluster.body("/debug/nodes?node=n3"), Catch::Contains("\"latency\":\"812\u00b5s\""));
    CHECK_THAT(cluster.body("/debug/nodes?node=n3&format=table"), Catch::Contains("never         <1ms  "));
}
