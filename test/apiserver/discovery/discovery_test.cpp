// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/wire_notation.hpp"

#include <catch2/catch.hpp>

using test::Cluster;
using test::header;

namespace {

const std::string kDiscovery = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const std::string kBeta = R"({"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"})";
const std::string kStable = R"({"groupVersion":"metrics.k8s.io/v1","version":"v1"})";
const std::string kGroup =
    R"("name":"metrics.k8s.io","versions":[)" + kBeta + "," + kStable + R"(],"preferredVersion":)" + kBeta;

const std::string kNodesAndPods =
    R"([{"resource":"nodes","responseKind":{"group":"","version":"","kind":"NodeMetrics"},"scope":"Cluster",)"
    R"("singularResource":"","verbs":["get","list"]},{"resource":"pods","responseKind":{"group":"",)"
    R"("version":"","kind":"PodMetrics"},"scope":"Namespaced","singularResource":"","verbs":["get","list"]}])";

const std::string kAggregated =
    R"({"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[{"metadata":)"
    R"({"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","resources":)" +
    kNodesAndPods + R"(,"freshness":"Current"},{"version":"v1","resources":)" + kNodesAndPods +
    R"(,"freshness":"Current"}]}]})";

#if defined(__aarch64__)
const std::string kPlatform = "linux/arm64";
#else
const std::string kPlatform = "linux/amd64";
#endif

}  // namespace

TEST_CASE("the discovery documents are served in JSON") {
    Cluster cluster;
    const std::string list =
        R"({"kind":"APIGroupList","groups":[{)" + kGroup +
        R"(,"serverAddressByClientCIDRs":[{"clientCIDR":"0.0.0.0/0","serverAddress":":10443"}]}]})" + "\n";
    const std::string group = R"({"kind":"APIGroup","apiVersion":"v1",)" + kGroup + "}\n";
    const auto resources = [](const std::string& version) {
        return R"({"kind":"APIResourceList","apiVersion":"v1","groupVersion":"metrics.k8s.io/)" + version +
               R"(","resources":[{"name":"nodes","singularName":"","namespaced":false,"kind":"NodeMetrics",)"
               R"("verbs":["get","list"]},{"name":"pods","singularName":"","namespaced":true,)"
               R"("kind":"PodMetrics","verbs":["get","list"]}]})" +
               "\n";
    };
    const std::pair<std::string, std::string> cases[] = {
        {"/apis", list},
        {"/apis/", list},
        {"/apis/metrics.k8s.io", group},
        {"/apis/metrics.k8s.io/", group},
        {"/apis/metrics.k8s.io/v1beta1", resources("v1beta1")},
        {"/apis/metrics.k8s.io/v1beta1/?timeout=32s", resources("v1beta1")},
        {"/apis/metrics.k8s.io/v1", resources("v1")},
    };
    for (const auto& [target, expected] : cases) {
        CAPTURE(target);
        const net::Response response = cluster.get(target);
        CHECK(response.status == 200);
        CHECK(header(response, "Content-Type") == "application/json");
        CHECK(header(response, "Cache-Control") == "no-cache, private");
        CHECK(response.body == expected);
    }
}

TEST_CASE("the discovery documents are served in protobuf") {
    Cluster cluster;
    const std::string beta = "{0a16'metrics.k8s.io/v1beta1' 1207'v1beta1'}";
    const std::string versions =
        "0a0e'metrics.k8s.io' 1221" + beta + "1217{0a11'metrics.k8s.io/v1' 1202'v1'} 1a21" + beta;
    const std::string verbs = "220b{0a03'get' 0a04'list'} 3200 4200 4a00 5200";
    const std::pair<std::string, std::string> cases[] = {
        {"/apis", "6b387300 0a10{0a00 120c'APIGroupList'} 128701[0a8401{" + versions +
                      "2213{0a09'0.0.0.0/0' 1206':10443'}}] 1a00 2200"},
        {"/apis/metrics.k8s.io", "6b387300 0a0e{0a02'v1' 1208'APIGroup'} 126f[" + versions + "] 1a00 2200"},
        {"/apis/metrics.k8s.io/v1",
         "6b387300 0a15{0a02'v1' 120f'APIResourceList'} 126b[0a11'metrics.k8s.io/v1'"
         "122b{0a05'nodes' 1000 1a0b'NodeMetrics'" +
             verbs + "} 1229{0a04'pods' 1001 1a0a'PodMetrics'" + verbs + "}] 1a00 2200"},
    };
    for (const auto& [target, expected] : cases) {
        CAPTURE(target);
        const net::Response response = cluster.get(target, {test::kProtobuf});
        CHECK(header(response, "Content-Type") == "application/vnd.kubernetes.protobuf");
        CHECK(response.body == test::wire(expected));
    }
}

TEST_CASE("aggregated discovery has its own type and an ETag") {
    Cluster cluster;
    const net::Response response = cluster.get("/apis", {{"Accept", kDiscovery + "," + "application/json"}});
    CHECK(response.status == 200);
    CHECK(response.body == kAggregated + "\n");
    CHECK(header(response, "Content-Type") == kDiscovery);
    CHECK(header(response, "Vary") == "Accept");
    CHECK(header(response, "Cache-Control") == "public");
    const std::string etag = header(response, "ETag");
    REQUIRE(etag.size() == 130);
    CHECK(etag.front() == '"');
    CHECK(etag.back() == '"');
    CHECK(etag.find_first_not_of("0123456789ABCDEF", 1) == 129);

    const net::Response again = cluster.get("/apis", {{"Accept", kDiscovery}, {"If-None-Match", etag}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(header(again, "ETag") == etag);
    CHECK(header(again, "Content-Type") == kDiscovery);
    CHECK(header(again, "Cache-Control") == "public");
    CHECK(cluster.get("/apis", {{"Accept", kDiscovery}, {"If-None-Match", "\"other\""}}).status == 200);
}

TEST_CASE("aggregated discovery is served in protobuf") {
    Cluster cluster;
    const std::string type =
        "application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const net::Response response = cluster.get("/apis", {{"Accept", type}});
    const std::string verbs = "2a03'get' 2a04'list'";
    const std::string resources = "1230{0a05'nodes' 1211{0a00 1200 1a0b'NodeMetrics'} 1a07'Cluster' 2200" +
                                  verbs +
                                  "} 1231{0a04'pods' 1210{0a00 1200 1a0a'PodMetrics'} 1a0a'Namespaced' 2200" +
                                  verbs + "} 1a07'Current'";
    CHECK(header(response, "Content-Type") == type);
    CHECK(response.body ==
          test::wire(
              "6b387300 0a2f{0a16'apidiscovery.k8s.io/v2' 1215'APIGroupDiscoveryList'}"
              "129802[0a06{0a00 1200 1a00} 128d02{0a1e{0a0e'metrics.k8s.io' 1200 1a00 2200 2a00 3200 3800"
              "4200} 1277{0a07'v1beta1'" +
              resources + "} 1272{0a02'v1'" + resources + "}}] 1a00 2200"));
}

TEST_CASE("an unknown discovery version falls back to the plain list or is not acceptable") {
    Cluster cluster;
    const std::string old = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
    CHECK(cluster.body("/apis", {{"Accept", old + ",application/json"}}) == cluster.body("/apis"));
    CHECK(cluster.get("/apis", {{"Accept", old}}).status == 406);
    CHECK(cluster.get("/apis/metrics.k8s.io", {{"Accept", kDiscovery}}).status == 406);
}

TEST_CASE("the version is always indented JSON") {
    Cluster cluster;
    const net::Response response = cluster.get("/version", {{"Accept", "application/json, */*"}});
    CHECK(header(response, "Content-Type") == "application/json");
    CHECK(response.body ==
          "{\n  \"major\": \"0\",\n  \"minor\": \"1\",\n  \"gitVersion\": \"v0.1.0\",\n"
          "  \"gitCommit\": \"\",\n  \"gitTreeState\": \"\",\n  \"buildDate\": \"\",\n"
          "  \"goVersion\": \"\",\n  \"compiler\": \"g++ " __VERSION__
          "\",\n"
          "  \"platform\": \"" +
              kPlatform + "\"\n}");
    CHECK(cluster.body("/version/") == response.body);
    CHECK(cluster.get("/version/x").status == 404);
    CHECK(cluster.get("/version", {test::kProtobuf}).status == 406);
    CHECK(cluster.ask(test::request("/version", {}, "POST")).status == 405);
}
