// SPDX-License-Identifier: Apache-2.0
// Whole answers to the byte, of both versions.
#include "test/apiserver/contract/bodies.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/metrics_reader.hpp"

#include <catch2/catch.hpp>

using namespace test;

namespace {

const std::string kV1 = "/apis/metrics.k8s.io/v1";

std::string object_json(const std::string& kind, const std::string& version, const std::string& members) {
    return R"({"kind":")" + kind + R"(","apiVersion":"metrics.k8s.io/)" + version + "\"," + members + "\n";
}

}  // namespace

TEST_CASE("an object in protobuf is the same to the byte as Kubernetes writes it") {
    Cluster cluster;
    cluster.fill();
    const std::string node = cluster.body(kMetrics + "/nodes/n1", {kProtobuf});
    CHECK(node.size() == 181);
    CHECK(node == golden("6b387300 0a25{0a16'metrics.k8s.io/v1beta1' 120b'NodeMetrics'} 128301[" +
                         kNode1Wire + "] 1a00 2200"));
    CHECK(cluster.body(kV1 + "/nodes/n1", {kProtobuf}) ==
          golden("6b387300 0a20{0a11'metrics.k8s.io/v1' 120b'NodeMetrics'} 128301[" + kNode1Wire +
                 "] 1a00 2200"));
    CHECK(
        cluster.body(kV1 + "/namespaces/default/pods/web-0", {kProtobuf}) ==
        golden("6b387300 0a1f{0a11'metrics.k8s.io/v1' 120a'PodMetrics'} 12a401[" + kWebWire + "] 1a00 2200"));
    CHECK(cluster.body(kMetrics + "/namespaces/default/pods/web-0", {kProtobuf}) ==
          golden("6b387300 0a24{0a16'metrics.k8s.io/v1beta1' 120a'PodMetrics'} 12a401[" + kWebWire +
                 "] 1a00 2200"));
}

TEST_CASE("a list in protobuf is the same to the byte as Kubernetes writes it") {
    Cluster cluster;
    cluster.fill();
    CHECK(cluster.body(kMetrics + "/nodes", {kProtobuf}) ==
          golden("6b387300 0a29{0a16'metrics.k8s.io/v1beta1' 120f'NodeMetricsList'} 12eb01[" + kListMeta +
                 "128301[" + kNode1Wire + "] 125b[" + kNode2Wire + "]] 1a00 2200"));
    CHECK(cluster.body(kV1 + "/namespaces/default/pods", {kProtobuf}) ==
          golden("6b387300 0a23{0a11'metrics.k8s.io/v1' 120e'PodMetricsList'} 12af01[" + kListMeta +
                 "12a401[" + kWebWire + "]] 1a00 2200"));
    CHECK(cluster.body(kV1 + "/nodes?labelSelector=none", {kProtobuf}) ==
          golden("6b387300 0a24{0a11'metrics.k8s.io/v1' 120f'NodeMetricsList'} 1208[" + kListMeta +
                 "] 1a00 2200"));
    CHECK(cluster.body(kMetrics + "/namespaces/none/pods", {kProtobuf}) ==
          golden("6b387300 0a28{0a16'metrics.k8s.io/v1beta1' 120e'PodMetricsList'} 1208[" + kListMeta +
                 "] 1a00 2200"));
}

TEST_CASE("an object in JSON is the same to the byte as Kubernetes writes it") {
    Cluster cluster;
    cluster.fill();
    CHECK(cluster.body(kMetrics + "/nodes/n1") == object_json("NodeMetrics", "v1beta1", kNode1Json));
    CHECK(cluster.body(kV1 + "/nodes/n2") == object_json("NodeMetrics", "v1", kNode2Json));
    CHECK(cluster.body(kV1 + "/namespaces/default/pods/web-0") == object_json("PodMetrics", "v1", kWebJson));
}

TEST_CASE("a list in JSON is the same to the byte as Kubernetes writes it") {
    Cluster cluster;
    cluster.fill();
    const auto list = [](const std::string& kind, const std::string& version, const std::string& items) {
        return object_json(kind, version, R"("metadata":{},"items":[)" + items + "]}");
    };
    CHECK(cluster.body(kMetrics + "/nodes") ==
          list("NodeMetricsList", "v1beta1", "{" + kNode1Json + ",{" + kNode2Json));
    CHECK(cluster.body(kV1 + "/namespaces/default/pods") == list("PodMetricsList", "v1", "{" + kWebJson));
    CHECK(cluster.body(kMetrics + "/namespaces/none/pods") == list("PodMetricsList", "v1beta1", ""));
}

TEST_CASE("indented JSON has no newline at its end") {
    Cluster cluster;
    cluster.fill();
    CHECK(cluster.body(kV1 + "/nodes/n2?pretty=true") ==
          "{\n  \"kind\": \"NodeMetrics\",\n  \"apiVersion\": \"metrics.k8s.io/v1\",\n  \"metadata\": {\n"
          "    \"name\": \"n2\",\n    \"creationTimestamp\": \"2026-11-22T15:31:26Z\"\n  },\n"
          "  \"timestamp\": \"2026-11-22T15:31:18Z\",\n  \"window\": \"10s\",\n  \"usage\": {\n"
          "    \"cpu\": \"60m\",\n    \"memory\": \"1Mi\",\n    \"swap\": \"1k\"\n  }\n}");
    CHECK(
        cluster.body(kV1 + "/namespaces/none/pods", {{"User-Agent", "curl/8"}}) ==
        "{\n  \"kind\": \"PodMetricsList\",\n  \"apiVersion\": \"metrics.k8s.io/v1\",\n  \"metadata\": {},\n"
        "  \"items\": []\n}");
}

TEST_CASE("swap can be left out") {
    Cluster cluster;
    cluster.fill();
    cluster.options.metrics.swap = false;
    for (const std::string target : {"/nodes", "/pods", "/nodes/n2", "/namespaces/default/pods/web-0"}) {
        CHECK(cluster.body(kMetrics + target).find("swap") == std::string::npos);
        CHECK(cluster.body(kMetrics + target, {kProtobuf}).find("swap") == std::string::npos);
    }
}

TEST_CASE("text that JSON escapes is the same text in both forms") {
    Cluster cluster;
    const std::string odd = "a<\"&\u2028\u00e9";
    cluster.store.put_pod("ns", odd, {{odd, odd}});
    cluster.store.put_node("n", {});
    cluster.scrape("n", {"", 1, 1}, {{"ns", odd, {{odd, 1'000'000'001, 3}}}});
    const std::string json = cluster.body(kMetrics + "/pods");
    CHECK(json.find(R"("name":"a\u003c\"\u0026\u2028)"
                    "\u00e9\"") != std::string::npos);
    const test::Document seen = test::read_json(json);
    REQUIRE(seen.rows.size() == 1);
    CHECK(seen.rows[0].name == odd);
    CHECK(seen == test::read_protobuf(cluster.body(kMetrics + "/pods", {kProtobuf})));
}

TEST_CASE("protobuf and JSON of one object say the same") {
    Cluster cluster;
    cluster.fill();
    for (const std::string version : {"v1", "v1beta1"}) {
        for (const std::string target :
             {"/nodes", "/nodes/n1", "/nodes/n2", "/pods", "/namespaces/default/pods",
              "/namespaces/kube-system/pods/dns", "/pods?labelSelector=none"}) {
            CAPTURE(version, target);
            const std::string path = "/apis/metrics.k8s.io/" + version + target;
            const test::Document json = test::read_json(cluster.body(path));
            CHECK(json == test::read_protobuf(cluster.body(path, {kProtobuf})));
            CHECK(json.api_version == "metrics.k8s.io/" + version);
        }
    }
}
