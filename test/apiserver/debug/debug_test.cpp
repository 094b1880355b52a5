// SPDX-License-Identifier: Apache-2.0
// What an operator reads who asks why there are no figures.
#include "test/apiserver/fixture.hpp"

#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using apiserver::NodeScrape;
using namespace std::chrono_literals;
using test::header;

namespace {

// Three nodes: n1 is scraped well, n2 fails, n3 has not been asked. Samples are 8 s old.
struct Cluster : test::Cluster {
    Cluster() {
        options.debug.wall_clock = options.metrics.wall_clock;
        options.debug.monotonic_clock = options.metrics.monotonic_clock;
        options.debug.reports.summary = [] { return "1 of 3 nodes scraped"; };
        options.debug.reports.node = [this](std::string_view name, NodeScrape& out) {
            const auto at = scrapes.find(std::string{name});
            if (at == scrapes.end()) return false;
            out = at->second;
            return true;
        };
        for (const char* node : {"n1", "n2", "n3"}) store.put_node(node, {});
        store.put_pod("default", "web", {});
        scrape("n1", {"", 250'000'000, 1048576}, {{"default", "web", {{"app", 1'500'000'000, 2048}}}});
        NodeScrape& ok = scrapes["n1"];
        ok.state = "ok";
        ok.url = "https://10.0.0.1:10250/metrics/resource";
        ok.started = now - 2012ms;
        ok.ended = ok.last_success = now - 2s;
        ok.next = now + 13s;
        NodeScrape& sick = scrapes["n2"];
        sick.state = "failing";
        sick.url = "https://10.0.0.2:10250/metrics/resource";
        sick.started = now - 10s;
        sick.ended = now - 9s;
        sick.last_success = now - 85s;
        sick.next = now + 5s;
        sick.failures = 5;
        sick.reason = "timeout";
        sick.error = "GET https://10.0.0.2:10250/metrics/resource: timeout";
        sick.hint = "topd must reach the kubelet's port";
        scrapes["n3"].state = "pending";
    }

    std::map<std::string, NodeScrape> scrapes;
};

const std::string kFirst =
    R"({"node":"n1","state":"ok","url":"https://10.0.0.1:10250/metrics/resource","lastScrape":"2026-11-22T15:31:23.988Z","latency":"12ms","lastSuccess":"2026-11-22T15:31:24.000Z","nextScrape":"2026-11-22T15:31:39.000Z","failures":0,"sample":"2026-11-22T15:31:18.000Z","sampleAge":"8s","window":"10s","cpu":"250m","memory":"1Mi","pods":1,"served":true})";
const std::string kSecond =
    R"({"node":"n2","state":"failing","url":"https://10.0.0.2:10250/metrics/resource","lastScrape":"2026-11-22T15:31:16.000Z","latency":"1s","lastSuccess":"2026-11-22T15:30:01.000Z","nextScrape":"2026-11-22T15:31:31.000Z","failures":5,"reason":"timeout","error":"GET https://10.0.0.2:10250/metrics/resource: timeout","hint":"topd must reach the kubelet's port","pods":0,"served":false,"lack":"noPage","why":"no page has come yet"})";
const std::string kThird =
    R"({"node":"n3","state":"pending","failures":0,"pods":0,"served":false,"lack":"noPage","why":"no page has come yet"})";
const std::string kHead = R"({"time":"2026-11-22T15:31:26.000Z","summary":"1 of 3 nodes scraped","nodes":[)";

// Trailing blanks of no cell.
const std::string kTableHead =
    "2026-11-22T15:31:26.000Z  1 of 3 nodes scraped  \n"
    "NODE                              STATE        LAST SUCCESS  LATENCY  SAMPLE AGE  FAILURES  NEXT  PODS  "
    "URL "
    "                                          WHY\n";
const std::string kTableFirst =
    "n1                                ok           2s ago        12ms     8s          0         13s   1     "
    "https://10.0.0.1:10250/metrics/resource\n";
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
    Cluster cluster;
    for (const auto& [target, expected] : cases) {
        CAPTURE(target);
        const net::Response response = cluster.get(target);
        CHECK(response.status == 200);
        CHECK(response.body == expected);
        CHECK(header(response, "Content-Type") == "application/json");
        CHECK(nlohmann::json::accept(response.body));
    }
    CHECK(cluster.body("/debug/nodes?format=table&state=ok") == kTableHead + kTableFirst);
    CHECK(cluster.body("/debug/nodes?format=table&node=n2") == kTableHead + kTableSecond);
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
    Cluster cluster;
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
    Cluster cluster;
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

TEST_CASE("a pod's page has its points") {
    Cluster cluster;
    const std::string expected =
        R"({"namespace":"default","pod":"web","verdict":"served","node":)" + kFirst +
        R"(,"containers":[{"container":"app","previous":{"time":"2026-11-22T15:31:08.000Z","cpuNanoseconds":5000000000},"last":{"time":"2026-11-22T15:31:18.000Z","cpuNanoseconds":20000000000},"lastSeen":"2026-11-22T15:31:26.000Z","window":"10s","cpu":"1500m","memory":"2Ki"}]})" +
        "\n";
    CHECK(cluster.body("/debug/pods/default/web") == expected);
    CHECK(cluster.body("/apis/metrics.k8s.io/v1/namespaces/default/pods/web/debug") == expected);
    CHECK(cluster.body("/debug/pods/default/web?format=table") ==
          "POD       default/web\n"
          "VERDICT   served\n"
          "\n" +
              kTableHead.substr(kTableHead.find('\n') + 1) + kTableFirst +
              "\n"
              "CONTAINER                 STARTED                   PREVIOUS SAMPLE           LAST SAMPLE     "
              "     "
              "     WINDOW    CPU           MEMORY      WHY\n"
              "app                       -                         2026-11-22T15:31:08.000Z  "
              "2026-11-22T15:31:18.000Z  10s       1500m         2Ki\n");
}

TEST_CASE("a pod's page says why it has no metrics") {
    struct Case {
        const char* name;
        std::vector<storage::PageRow> rows;
        const char* verdict;
        const char* why;
    };
    const auto row = [](const char* container, std::uint64_t cpu, std::int64_t started) {
        storage::PageRow out;
        out.name_space = "default";
        out.pod = "late";
        out.container = container;
        out.cpu = storage::Reading{cpu, test::kSampled * 1'000'000'000};
        out.memory = storage::Reading{1, test::kSampled * 1'000'000'000};
        out.started = started * 1'000'000'000;
        return out;
    };
    const Case cases[] = {
        {"no page names it",
         {},
         "noLine",
         "no page of a node has named it: its kubelet does not report it yet, or its node is not scraped "
         "(see the "
         "list of nodes)"},
        {"one sample",
         {row("c", 1, 0)},
         "container",
         "container \"c\": it has one sample, and a rate takes two; the kubelet reports no start to count "
         "from"},
        {"one late sample",
         {row("c", 1, test::kSampled - 100)},
         "container",
         "container \"c\": it has one sample, and a rate takes two; its start is too long before the sample "
         "to "
         "count from"},
        {"zero CPU",
         {row("b", 1, test::kSampled - 10), row("c", 0, 0)},
         "container",
         "container \"c\": pages come, but for 40s none held both its CPU and its memory, not zero"},
        {"young",
         {row("c", 1, test::kSampled)},
         "noContainer",
         "none of its containers runs, or all have just started"},
        {"served", {row("c", 1, test::kSampled - 10)}, "served", nullptr},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Cluster cluster;
            cluster.store.put_pod("default", "late", {});
            storage::NodePage page;
            page.containers = c.rows;
            cluster.store.commit("n2", page, cluster.now);
            const auto body = nlohmann::json::parse(cluster.body("/debug/pods/default/late"));
            CHECK(body.at("verdict") == c.verdict);
            CHECK(body.contains("why") == (c.why != nullptr));
            if (c.why != nullptr) CHECK(body.at("why") == c.why);
        }
    Cluster cluster;
    CHECK(
        cluster.body("/debug/pods/default/nope") ==
        R"-({"namespace":"default","pod":"nope","verdict":"unknown","why":"there is no such pod, or it is not Running: topd watches running pods only (or has not listed them yet, see /readyz)","containers":[]})-"
        "\n");
}

TEST_CASE("a pod on two nodes names both") {
    Cluster cluster;
    for (int step = 0; step < 2; ++step) {
        for (const char* node : {"n1", "n2"}) {
            storage::PageRow row;
            row.name_space = "default";
            row.pod = "web";
            row.container = "app";
            // Ever newer samples.
            const storage::Nanos at = (test::kSampled + step * 2 + (node[1] - '0')) * 1'000'000'000;
            row.cpu = storage::Reading{1, at};
            row.memory = storage::Reading{1, at};
            storage::NodePage page;
            page.containers = {row};
            cluster.store.commit(node, page, cluster.now);
        }
    }
    const auto body = nlohmann::json::parse(cluster.body("/debug/pods/default/web"));
    CHECK(body.at("node").at("node") == "n2");
    CHECK(body.at("alsoShownBy") == nlohmann::json{{"node", "n1"}, {"lastSeen", "2026-11-22T15:31:26.000Z"}});
    CHECK(body.at("why") ==
          "container \"app\": it has one sample, and a rate takes two; the kubelet reports no start to count "
          "from; two nodes show it, and only the pages of one count");
    CHECK_THAT(cluster.body("/debug/pods/default/web?format=table"),
               Catch::Contains("\nALSO ON   n1, last page 0s ago\n"));
}

TEST_CASE("a table holds nothing that a terminal would obey") {
    Cluster cluster;
    cluster.scrapes["n2"].error = "\x1b[2J\xff";
    storage::PageRow row;
    row.name_space = "default";
    row.pod = "web";
    row.container = "\x1b]0;x\x07\n";
    row.cpu = storage::Reading{1, test::kSampled * 1'000'000'000};
    row.memory = row.cpu;
    storage::NodePage page;
    page.containers = {row};
    cluster.store.commit("n1", page, cluster.now);
    for (const char* target : {"/debug/nodes?format=table", "/debug/pods/default/web?format=table",
                               "/debug/pods/default/%1b%5b2J%0a?format=table"}) {
        const std::string text = cluster.body(target);
        CAPTURE(target);
        CHECK(std::all_of(text.begin(), text.end(),
                          [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
    }
    CHECK(nlohmann::json::accept(cluster.body("/debug/pods/default/web")));
    CHECK(nlohmann::json::accept(cluster.body("/debug/nodes")));
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
    Cluster cluster;
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
    Cluster cluster;
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
