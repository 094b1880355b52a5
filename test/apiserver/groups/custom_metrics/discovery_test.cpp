// SPDX-License-Identifier: Apache-2.0
// Custom metrics in discovery: steady where an ETag says so, never empty, and not there when they are off.
#include "test/apiserver/groups/custom_metrics/scene.hpp"
#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using nlohmann::json;
using test::CustomMetricsScene;

namespace {

const test::Header kAggregated{"Accept",
                               "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"};

std::string resources(const std::string& names) {
    return R"({"kind":"APIResourceList","apiVersion":"v1","groupVersion":"custom.metrics.k8s.io/v1beta1",)"
           R"("resources":[)" +
           names + "]}\n";
}

std::string metric(const std::string& name, bool namespaced) {
    return R"({"name":")" + name + R"(","singularName":"","namespaced":)" + (namespaced ? "true" : "false") +
           R"(,"kind":"MetricValueList","verbs":["get"]})";
}

}  // namespace

TEST_CASE("aggregated discovery has one parent of custom metrics, whatever is in demand") {
    CustomMetricsScene scene;
    const net::Response before = scene.get("/apis", {kAggregated});
    const json groups = json::parse(before.body)["items"];
    REQUIRE(groups.size() == 2);
    CHECK(groups[1]["metadata"]["name"] == "custom.metrics.k8s.io");
    const std::string expected =
        R"({"resource":"pods","responseKind":{"group":"","version":"","kind":""},"scope":"Namespaced",)"
        R"("singularResource":"","verbs":null,"subresources":[{"subresource":"up","responseKind":{"group":"",)"
        R"("version":"","kind":"MetricValueList"},"verbs":["get"]}]})";
    CHECK(before.body.find(expected) != std::string::npos);
    for (const json& version : groups[1]["versions"]) {
        CHECK(version["freshness"] == "Current");
        CHECK(version["resources"].size() == 1);
    }
    CHECK(groups[1]["versions"][0]["version"] == "v1beta1");
    CHECK(groups[1]["versions"][1]["version"] == "v1beta2");

    scene.put_annotated("default", "web-0");
    scene.told("/v1beta1/namespaces/default/pods/%2A/queue");
    scene.page("default", "web-0", {{"queue", 2}});
    CHECK(test::header(scene.get("/apis", {kAggregated}), "ETag") == test::header(before, "ETag"));

    const std::string bytes =
        scene.body("/apis", {{"Accept",
                              "application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;"
                              "as=APIGroupDiscoveryList"}});
    CHECK(bytes.find(kube::test::golden("0a04'pods' 1206{0a00 1200 1a00} 1a0a'Namespaced' 2200 "
                                        "4220{0a02'up' 1215{0a00 1200 1a0f'MetricValueList'} 2203'get'}")) !=
          std::string::npos);
}

TEST_CASE("the resources of a version are the metrics that some page has had") {
    CustomMetricsScene scene;
    CHECK(scene.body(test::kCustom + "/v1beta1") ==
          resources(metric("pods/up", true) + "," + metric("namespaces/up", false)));
    scene.put_annotated("default", "web-0");
    scene.told("/v1beta1/namespaces/default/pods/%2A/queue");
    scene.told("/v1beta1/namespaces/default/pods/%2A/nope");
    scene.page("default", "web-0", {{"queue", 2}});
    CHECK(scene.body(test::kCustom + "/v1beta1") ==
          resources(metric("pods/up", true) + "," + metric("pods/queue", true) + "," +
                    metric("namespaces/queue", false) + "," + metric("namespaces/up", false)));
    CHECK(json::parse(scene.body(test::kCustom + "/v1beta2"))["resources"].size() == 4);
    CHECK(scene.body(test::kCustom + "/v1beta1", {test::kProtobuf})
              .find(kube::test::golden("122b{0a07'pods/up' 1001 1a0f'MetricValueList' 2205{0a03'get'} "
                                       "3200 4200 4a00 5200}")) != std::string::npos);
    const json group = json::parse(scene.body(test::kCustom));
    CHECK(group["preferredVersion"]["version"] == "v1beta1");
    CHECK(group["versions"].size() == 2);
}

TEST_CASE("without custom metrics there is no such group") {
    test::Cluster cluster;
    CHECK(cluster.get(test::kCustom + "/v1beta1").status == 404);
    CHECK(cluster.get(test::kCustom + "/v1beta1/namespaces/default/pods/%2A/up").status == 404);
    CHECK(cluster.body("/apis", {kAggregated}).find("custom") == std::string::npos);
    CHECK(cluster.body("/").find("custom") == std::string::npos);
}
