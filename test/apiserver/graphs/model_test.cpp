// SPDX-License-Identifier: Apache-2.0
// Heapster's routes and what each answers, byte for byte.
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using test::graphs::points;
using test::graphs::Scene;

namespace {

const std::string kModel = "/api/v1/model";
const std::string kNothing = R"({
  "metrics": [],
  "latestTimestamp": "0001-01-01T00:00:00Z"
 })";

// As go-restful prints a MetricResult of equal values.
std::string result(int first, int last, std::uint64_t value) {
    std::string out = "{\n  \"metrics\": [";
    for (int minute = first; minute <= last; ++minute) {
        const std::string two = (minute < 10 ? "0" : "") + std::to_string(minute);
        out += std::string{minute == first ? "" : ","} + "\n   {\n    \"timestamp\": \"2026-01-05T10:" + two +
               ":00Z\",\n    \"value\": " + std::to_string(value) + "\n   }";
    }
    const std::string two = (last < 10 ? "0" : "") + std::to_string(last);
    return out + "\n  ],\n  \"latestTimestamp\": \"2026-01-05T10:" + two + ":00Z\"\n }";
}

std::string compact(int first, int last, std::uint64_t value) {
    const std::string two = (last < 10 ? "0" : "") + std::to_string(last);
    return R"({"metrics":[)" + points(first, last, value) + R"(],"latestTimestamp":"2026-01-05T10:)" + two +
           R"(:00Z"})";
}

const std::string kCompactNothing = R"({"metrics":[],"latestTimestamp":"0001-01-01T00:00:00Z"})";

}  // namespace

TEST_CASE("each route of the model is answered as Heapster answers it") {
    Scene scene;
    // Until 10:03:15
    scene.run(14);
    const std::string two = "[\n  \"cpu/usage_rate\",\n  \"memory/usage\"\n ]";
    const std::string three = "[\n  \"cpu/usage_rate\",\n  \"memory/usage\",\n  \"memory/working_set\"\n ]";
    const std::pair<std::string, std::string> cases[] = {
        {"/metrics", two},
        // 100.4 and 0.3 and 20 and 3 millicores.
        {"/metrics/cpu/usage_rate", result(1, 3, 124)},
        {"/metrics/memory/usage", result(1, 3, 57'344)},
        {"/metrics/memory/working_set", kNothing},
        {"/nodes", "[\n  \"n1\"\n ]"},
        {"/nodes/n1/metrics", three},
        {"/nodes/n1/metrics/cpu/usage_rate", result(1, 3, 250)},
        {"/nodes/n1/metrics/memory/usage", result(1, 3, 1'048'576)},
        {"/nodes/n1/metrics/memory/working_set", result(1, 3, 1'048'576)},
        {"/nodes/n1/metrics/network/rx", kNothing},
        {"/nodes/idle/metrics", "[]"},
        {"/nodes/idle/metrics/cpu/usage_rate", kNothing},
        {"/nodes/nope/metrics", "[]"},
        {"/nodes/nope/metrics/cpu/usage_rate", kNothing},
        {"/namespaces", "[\n  \"shop\",\n  \"system\"\n ]"},
        {"/namespaces/shop/metrics", two},
        {"/namespaces/shop/metrics/cpu/usage_rate", result(1, 3, 121)},
        {"/namespaces/shop/metrics/memory/usage", result(1, 3, 53'248)},
        {"/namespaces/shop/metrics/memory/working_set", kNothing},
        {"/namespaces/nope/metrics", "[]"},
        {"/namespaces/nope/metrics/cpu/usage_rate", kNothing},
        {"/namespaces/shop/pods", "[\n  \"web-0\",\n  \"web-1\"\n ]"},
        {"/namespaces/nope/pods", "[]"},
        {"/namespaces/shop/pods/web-0/metrics", three},
        {"/namespaces/shop/pods/web-0/metrics/cpu/usage_rate", result(1, 3, 102)},
        {"/namespaces/shop/pods/web-0/metrics/memory/usage", result(1, 3, 49'152)},
        {"/namespaces/shop/pods/nope/metrics", "[]"},
        {"/namespaces/shop/pods/nope/metrics/memory/usage", kNothing},
        {"/namespaces/shop/pods/web-0/containers", "[\n  \"app\",\n  \"proxy\"\n ]"},
        {"/namespaces/shop/pods/nope/containers", "[]"},
        {"/namespaces/shop/pods/web-0/containers/proxy/metrics", three},
        {"/namespaces/shop/pods/web-0/containers/nope/metrics", "[]"},
        {"/namespaces/shop/pods/web-0/containers/proxy/metrics/cpu/usage_rate", result(1, 3, 1)},
        {"/namespaces/shop/pods/web-0/containers/app/metrics/memory/working_set", result(1, 3, 40'960)},
        {"/namespaces/shop/pods/web-0/containers/nope/metrics/cpu/usage_rate", kNothing},
        {"/nodes/n1/freecontainers", "[]"},
        {"/nodes/n1/freecontainers/kubelet/metrics", "[]"},
        {"/nodes/n1/freecontainers/kubelet/metrics/cpu/usage_rate", kNothing},
        {"/debug/allkeys",
         "[\n  \"cluster\",\n  \"namespace:shop\",\n  \"namespace:shop/pod:web-0\",\n"
         "  \"namespace:shop/pod:web-0/container:app\",\n  \"namespace:shop/pod:web-0/container:proxy\",\n"
         "  \"namespace:shop/pod:web-1\",\n  \"namespace:shop/pod:web-1/container:app\",\n"
         "  \"namespace:system\",\n  \"namespace:system/pod:dns\",\n"
         "  \"namespace:system/pod:dns/container:dns\",\n  \"node:n1\"\n ]"},
        // Names of its first releases, and an escaped slash.
        {"/nodes/n1/metrics/cpu-usage", result(1, 3, 250)},
        {"/nodes/n1/metrics/memory-usage", result(1, 3, 1'048'576)},
        {"/nodes/n1/metrics/memory-working", result(1, 3, 1'048'576)},
        {"/nodes/n1/metrics/cpu-limit", kNothing},
        {"/nodes/n1/metrics/cpu%2Fusage_rate", result(1, 3, 250)},
    };
    for (const auto& [route, expected] : cases) {
        for (const char* end : {"", "/"}) {
            CAPTURE(route, end);
            const net::Response response = scene.ask(test::request(kModel + route + end));
            CHECK(response.status == 200);
            CHECK(response.body == expected);
            CHECK(nlohmann::json::accept(response.body));
            CHECK(test::header(response, "Content-Type") == "application/json");
        }
    }
}

TEST_CASE("the model's pod-list has an item for each name at its place") {
    Scene scene;
    scene.run(14);
    const std::string list = kModel + "/namespaces/shop/pod-list/";
    const std::string web_0 = compact(1, 3, 102);
    const std::string web_1 = compact(1, 3, 20);
    const std::string nothing = kCompactNothing;
    const std::pair<std::string, std::string> cases[] = {
        // As Dashboard 1.x and the HPA of old asked.
        {"web-0,web-1/metrics/cpu/usage_rate", web_0 + "," + web_1},
        {"web-1,nope,web-0,web-1/metrics/cpu/usage_rate", web_1 + "," + nothing + "," + web_0 + "," + web_1},
        {"web-1/metrics/cpu/usage_rate/?start=2026-01-05T09:58:15Z", web_1},
        {"web-1%2Cweb-0/metrics/memory/usage", compact(1, 3, 4096) + "," + compact(1, 3, 49'152)},
        {"web-1,/metrics/cpu/usage_rate", web_1 + "," + nothing},
        {"web-1,web-0/metrics/uptime", nothing + "," + nothing},
    };
    for (const auto& [rest, expected] : cases) {
        CAPTURE(rest);
        const net::Response response = scene.ask(test::request(list + rest));
        CHECK(response.status == 200);
        CHECK(response.body == R"({"items":[)" + expected + "]}\n");
        CHECK(test::header(response, "Content-Type") == "application/json");
    }
}

TEST_CASE("start and end choose among the minutes that are kept") {
    Scene scene;
    // Until 10:40:15
    scene.run(4 * 40 + 2);
    const std::string target = kModel + "/nodes/n1/metrics/cpu/usage_rate";
    const std::pair<std::string, std::string> cases[] = {
        {"", result(26, 40, 250)},
        {"?start=&end=", result(26, 40, 250)},
        {"?start=2026-01-05T10:30:00Z", result(30, 40, 250)},
        {"?start=2026-01-05T10:30:00.5Z", result(31, 40, 250)},
        {"?start=2026-01-05T12:30:01%2B02:00", result(31, 40, 250)},
        // A plus is a space there.
        {"?start=2020-01-01T00:00:00Z", result(1, 40, 250)},
        {"?start=0001-01-01T00:00:00Z&end=9999-12-31T23:59:59Z", result(1, 40, 250)},
        {"?start=2026-01-05T10:10:00Z&end=2026-01-05T10:12:59.9Z", result(10, 12, 250)},
        {"?end=2026-01-05T10:27:00Z", result(26, 27, 250)},
        {"?end=2026-01-05T10:20:00Z", kNothing},
        {"?start=2026-01-05T10:20:00Z&end=2026-01-05T10:19:00Z", kNothing},
        {"?start=2026-01-05T10:20:01Z&end=2026-01-05T10:20:59Z", kNothing},
        {"?start=2027-01-05T10:20:00Z", kNothing},
        {"?end=2025-01-05T10:20:00Z", kNothing},
        {"?labels=resource_id:/", kNothing},
        {"?labels=a:b,c:", kNothing},
        {"?labels=", result(26, 40, 250)},
    };
    for (const auto& [query, expected] : cases) {
        CAPTURE(query);
        const net::Response response = scene.ask(test::request(target + query));
        CHECK(response.status == 200);
        CHECK(response.body == expected);
    }
}

TEST_CASE("the model refuses in plain text") {
    Scene scene;
    scene.run(2);
    struct Case {
        std::string target;
        unsigned status;
        std::string body;
        std::string method = "GET";
        std::vector<test::Header> headers{};
    };
    const std::string nodes = "/nodes/n1/metrics/cpu/usage_rate";
    const std::string layout = R"(" as "2006-01-02T15:04:05Z07:00": cannot parse ")";
    const std::string unread = "timestamp argument cannot be parsed: parsing time \"";
    const std::string none = "404: Page Not Found";
    const Case cases[] = {
        {"", 404, none},
        {"/", 404, none},
        {"/nope", 404, none},
        {"/nodes/n1", 404, none},
        {"/nodes//metrics", 404, none},
        {"//nodes", 404, none},
        {"/nodes//", 404, none},
        {"/nodes/n1/metrics//", 404, none},
        {"/namespaces/shop/pods/web-0", 404, none},
        {"/namespaces/shop/pod-list/web-0/metrics", 404, none},
        {"/nope", 404, none, "POST"},
        {nodes, 405, "405: Method Not Allowed", "POST"},
        {"/nodes", 405, "405: Method Not Allowed", "DELETE"},
        {"/nodes", 406, "406: Not Acceptable", "GET", {{"Accept", "text/html, application/yaml"}}},
        {nodes + "?start=x", 400, unread + "x" + layout + R"(x" as "2006")"},
        {nodes + "?start=2026-01-05T10:00:00+02:00", 400,
         unread + "2026-01-05T10:00:00 02:00" + layout + R"( 02:00" as "Z07:00")"},
        {nodes + "?end=2026-13-05T10:00:00Z", 400, unread + R"(2026-13-05T10:00:00Z": month out of range)"},
        {nodes + "?labels=a:b,x", 400, R"(invalid label pair "x")"},
        {nodes + "?labels=a:b,", 400, R"(invalid label pair "")"},
        {"/namespaces/shop/pod-list/web-0/metrics/cpu/usage_rate?start=x", 400,
         unread + "x" + layout + R"(x" as "2006")"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target, c.method);
        const net::Response response = scene.ask(test::request(kModel + c.target, c.headers, c.method));
        CHECK(response.status == c.status);
        CHECK(response.body == c.body);
        CHECK(test::header(response, "Content-Type") == "text/plain; charset=utf-8");
    }
    for (const char* accept : {"*/*", "application/json, */*", "text/html,*/*;q=0.8", "application/json;q=0"})
        CHECK(scene.ask(test::request(kModel + "/nodes", {{"Accept", accept}})).status == 200);
    CHECK(scene.ask(test::request(kModel + "/nodes", {}, "HEAD")).status == 200);
    CHECK(scene.ask(test::request("/api/v1/models")).status == 0);
}

TEST_CASE("lists name what is served now and figures outlive it") {
    Scene scene;
    CHECK(scene.body(kModel + "/metrics") == "[]");
    CHECK(scene.body(kModel + "/debug/allkeys") == "[]");
    CHECK(scene.body(kModel + "/nodes/n1/metrics/cpu/usage_rate") == kNothing);
    scene.run(9);
    scene.remove("shop", "web-0");
    scene.remove("system", "dns");
    scene.run(4);
    CHECK(scene.body(kModel + "/namespaces") == "[\n  \"shop\"\n ]");
    CHECK(scene.body(kModel + "/namespaces/shop/pods") == "[\n  \"web-1\"\n ]");
    CHECK(scene.body(kModel + "/namespaces/system/metrics") == "[]");
    CHECK(scene.body(kModel + "/namespaces/system/pods/dns/containers") == "[]");
    CHECK(scene.body(kModel + "/namespaces/system/pods/dns/metrics/cpu/usage_rate") == result(1, 2, 3));
    CHECK(scene.body(kModel + "/namespaces/system/metrics/cpu/usage_rate") == result(1, 2, 3));
    CHECK(scene.body(kModel + "/namespaces/shop/pods/web-0/containers/app/metrics/cpu/usage_rate") ==
          result(1, 2, 101));
}

TEST_CASE("long lists of names are whole and in order") {
    Scene scene;
    std::string pods;
    std::string spaces;
    std::string keys = "\"cluster\"";
    for (int i = 1000; i < 1600; ++i) {
        const std::string name_space = "ns-" + std::to_string(i);
        // Every other one has nothing that is served.
        const bool some = i % 2 == 0;
        for (const char* pod : {"a", "b"}) {
            scene.store.put_pod(name_space, pod, {});
            if (some) scene.loads.push_back({name_space, pod, "c", 1, 4096});
        }
        if (!some) continue;
        spaces += (spaces.empty() ? "\"" : ",\"") + name_space + "\"";
        const std::string key = "namespace:" + name_space;
        keys += ",\"" + key + "\"";
        for (const char* pod : {"a", "b"})
            keys += ",\"" + key + "/pod:" + pod + "\",\"" + key + "/pod:" + pod + "/container:c\"";
    }
    std::erase_if(scene.loads, [](const test::graphs::Load& load) { return load.container != "c"; });
    scene.run(2);
    const auto read = [&](const std::string& path) {
        return nlohmann::json::parse(scene.body(kModel + path)).dump();
    };
    CHECK(read("/namespaces") == "[" + spaces + "]");
    CHECK(read("/debug/allkeys") == "[" + keys + ",\"node:n1\"]");
}
