// SPDX-License-Identifier: Apache-2.0
// Contract, 4.7, and what kubectl (1.1, 1.2) and kube-aggregator (3.2, 3.3) ask of discovery. Refusals of 406
// A are in negotiation_test.cpp, YAML in test/apiserver/yaml/documents_test.cpp.
#include "test/apiserver/contract/told.hpp"
#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>

using test::Cluster;
using test::header;
using test::told;

namespace {

const std::string kDiscovery = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const std::string kOldDiscovery = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
// The SHA-512 of kAggregated.
const std::string kTag =
    "\"D89E5CE082F9D56758D5344344F5CCAB32E40D35F5CBF0DBB770A3A08BB631F7"
    "A90F1AF883F725ED4BFA3732D3220F33C10D352C3F05474BDBAF573369FB8641\"";
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
        CHECK(response.body == kube::test::golden(expected));
    }
}

TEST_CASE("aggregated discovery has its own type and an ETag") {
    Cluster cluster;
    const std::string list = cluster.body("/apis");
    REQUIRE(list.starts_with(R"({"kind":"APIGroupList",)"));
    const std::string plain = "200 application/json\n\n" + list;
    const std::string headers = "Cache-Control: public\nETag: " + kTag + "\nVary: Accept\n\n";
    const std::string aggregated = "200 " + kDiscovery + "\n" + headers + kAggregated + "\n";
    const std::string same = "304\n" + headers;
    struct Case {
        const char* name;
        std::string accept;
        std::string if_none_match;
        const std::string& expected;
    };
    const Case cases[] = {
        {"the aggregator from 1.37", kDiscovery, "", aggregated},
        {"the aggregator of 1.30 to 1.36", kDiscovery + "," + kOldDiscovery, "", aggregated},
        {"the aggregator with our ETag", kDiscovery, kTag, same},
        {"a list of ETags", kDiscovery, "\"x\", " + kTag, same},
        {"any ETag", kDiscovery, "*", same},
        {"another ETag", kDiscovery, "\"other\"", aggregated},
        {"an ETag without quotes", kDiscovery, kTag.substr(1, 128), aggregated},
        {"kubectl 1.33", kDiscovery + "," + kOldDiscovery + ",application/json", "", aggregated},
        {"kubectl from 1.36", kDiscovery + ";profile=nopeer,application/json", "", aggregated},
        {"kubectl 1.27", kOldDiscovery + ",application/json", "", plain},
        {"the plain list has no ETag", "application/json", kTag, plain},
        {"wherever it stands", "application/json," + kDiscovery, "", aggregated},
    };
    for (const Case& c : cases) {
        INFO(c.name);
        std::vector<test::Header> asked{{"Accept", c.accept}, {"Accept-Encoding", "gzip"}};
        if (!c.if_none_match.empty()) asked.emplace_back("If-None-Match", c.if_none_match);
        CHECK(told(cluster.get("/apis?timeout=32s", asked)) == c.expected);
        CHECK(told(cluster.get("/apis/", asked)) == c.expected);
    }
    CHECK(
        told(cluster.get("/apis", {{"Accept", kDiscovery}, {"User-Agent", "curl/8"}}))
            .starts_with("200 " + kDiscovery + "\n" + headers + "{\n  \"kind\": \"APIGroupDiscoveryList\","));
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
          kube::test::golden(
              "6b387300 0a2f{0a16'apidiscovery.k8s.io/v2' 1215'APIGroupDiscoveryList'}"
              "129802[0a06{0a00 1200 1a00} 128d02{0a1e{0a0e'metrics.k8s.io' 1200 1a00 2200 2a00 3200 3800"
              "4200} 1277{0a07'v1beta1'" +
              resources + "} 1272{0a02'v1'" + resources + "}}] 1a00 2200"));
}

TEST_CASE("discovery in a form that there is not is 406 B") {
    Cluster cluster;
    const std::string refused =
        "406 application/json\n\n{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {},\n"
        "  \"status\": \"Failure\",\n  \"message\": \"only the following media types are accepted: "
        "application/json, application/yaml, application/vnd.kubernetes.protobuf\",\n"
        "  \"reason\": \"NotAcceptable\",\n  \"code\": 406\n}";
    // The aggregator up to 1.29 sends the first, and then asks for the resource list.
    CHECK(told(cluster.get("/apis", {{"Accept", kOldDiscovery}})) == refused);
    CHECK(told(cluster.get("/apis/metrics.k8s.io", {{"Accept", kDiscovery}})) == refused);
    CHECK(told(cluster.get(test::kMetrics, {{"Accept", kDiscovery}})) == refused);
}

TEST_CASE("kube-aggregator's probe is answered before there is any sample") {
    Cluster cluster;
    const net::Response response = cluster.get(test::kMetrics, {{"User-Agent", "Go-http-client/2.0"}});
    CHECK(response.status == 200);
    CHECK(response.body.starts_with(R"({"kind":"APIResourceList","apiVersion":"v1",)"));
    // Its other question, with `Accept: application/json`.
    CHECK(told(cluster.get(test::kMetrics, {{"Accept", "application/json"}})) == told(response));
}

TEST_CASE("the version is always indented JSON") {
    Cluster cluster;
    const net::Response response = cluster.get("/version", {{"Accept", "application/json, */*"}});
    CHECK(header(response, "Content-Type") == "application/json");
    CHECK(response.body ==
          "{\n  \"major\": \"0\",\n  \"minor\": \"1\",\n"
          "  \"emulationMajor\": \"0\",\n  \"emulationMinor\": \"1\",\n"
          "  \"minCompatibilityMajor\": \"0\",\n  \"minCompatibilityMinor\": \"1\",\n"
          "  \"gitVersion\": \"v0.1.0\",\n"
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
