// SPDX-License-Identifier: Apache-2.0
// Contract, 4.8, through the API: heads to the byte, and of the documents the parts that clients read. That
// the documents are whole, lead nowhere else and say the same in protobuf is in
// test/apiserver/openapi/{openapi,gnostic}_test.cpp.
#include "test/apiserver/contract/told.hpp"

#include <catch2/catch.hpp>

using namespace test;

namespace {

const std::string kV2 = "/openapi/v2";
const std::string kV3 = "/openapi/v3";
const std::string kGroup = "/openapi/v3/apis/metrics.k8s.io/v1beta1";
const std::string kProtoV2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const std::string kProtoV3 = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";

// The head, with stars for what changes from build to build and from day to day.
std::string head_of(const net::Response& response) {
    net::Response head;
    head.status = response.status;
    for (const auto& [name, value] : response.headers) {
        const bool tag = name == "Etag" && value.size() == 130 && value.starts_with('"') &&
                         value.find_first_not_of("0123456789ABCDEF", 1) == 129;
        const bool date =
            (name == "Last-Modified" || name == "Expires") && value.size() == 29 && value.ends_with(" GMT");
        head.headers.add(name, tag || date ? "*" : value);
    }
    return told(head);
}

std::string hash_of(const net::Response& response) {
    const std::string etag = header(response, "Etag");
    return etag.substr(1, etag.size() - 2);
}

bool holds(const std::string& body, const std::string& part) {
    return body.find(part) != std::string::npos;
}

const std::string kTagAndDate = "Etag: *\nLast-Modified: *\n";
const std::string kVaryBoth = "Vary: Accept\nVary: Accept-Encoding\n\n";

}  // namespace

TEST_CASE("the heads of OpenAPI documents") {
    Cluster cluster;
    const std::string v2 = "200 application/json\n" + kTagAndDate + kVaryBoth;
    const std::string v2_wire = "200 " + kProtoV2 + "\n" + kTagAndDate + kVaryBoth;
    const std::string v3 = "200 application/json\n" + kTagAndDate + "Vary: Accept\n\n";
    const std::string index = "200 application/json\n" + kTagAndDate + "\n";
    const std::string hash = hash_of(cluster.get(kGroup));
    const std::string immutable =
        "Cache-Control: public, immutable\nEtag: *\nExpires: *\nLast-Modified: *\nVary: Accept\n\n";
    const Exchange rows[] = {
        {"v2 as kube-aggregator asks", kV2, {{"Accept", "application/json"}}, v2},
        {"v2 without Accept", kV2, {}, v2},
        {"v2 by any method", kV2, {}, v2, "POST"},
        {"v2 by HEAD", kV2, {}, v2, "HEAD"},
        {"v2 in protobuf", kV2, {{"Accept", kProtoV2}}, v2_wire},
        {"v2 in protobuf by its old name",
         kV2,
         {{"Accept", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"}},
         v2_wire},
        {"v2 in YAML", kV2, {{"Accept", "application/yaml"}}, "406\n" + kVaryBoth},
        {"v2 for who takes gzip",
         kV2,
         {{"Accept-Encoding", "gzip"}},
         "200 application/json\nContent-Encoding: gzip\n" + kTagAndDate + kVaryBoth},
        {"v2 for who has it",
         kV2,
         {{"If-None-Match", header(cluster.get(kV2), "Etag")}},
         "304\nEtag: *\n" + kVaryBoth},
        {"v2 for who has another", kV2, {{"If-None-Match", "\"x\""}}, v2},
        {"the index, as kube-aggregator asks", kV3, {}, index},
        {"the index, as kubectl explain asks", kV3 + "?timeout=32s", {{"Accept", "application/json"}}, index},
        // A difference: metrics-server has nothing there.
        {"the index with a slash", kV3 + "/", {}, index},
        {"the index, whatever is taken", kV3, {{"Accept", "text/html"}}, index},
        {"the index for who has it",
         kV3,
         {{"If-None-Match", header(cluster.get(kV3), "Etag")}},
         "304\nEtag: *\n\n"},
        {"a document by the right hash, as kubectl explain asks",
         kGroup + "?hash=" + hash + "&timeout=32s",
         {{"Accept", "application/json"}},
         "200 application/json\n" + immutable},
        {"a document by the right hash in protobuf",
         kGroup + "?hash=" + hash,
         {{"Accept", kProtoV3}},
         "200 " + kProtoV3 + "\n" + immutable},
        {"a document by a stale hash",
         kGroup + "?hash=0",
         {},
         "301 application/json\nEtag: *\nLocation: " + kGroup + "?hash=" + hash + "\nVary: Accept\n\n"},
        {"a document without a hash", kGroup, {}, v3},
        {"a document in YAML", kGroup, {{"Accept", "application/yaml"}}, "406\nVary: Accept\n\n"},
        {"an unknown key", kV3 + "/apis/apps/v1", {}, "404\n\n"},
        {"an unknown version", kV3 + "/apis/metrics.k8s.io/v2", {}, "404\n\n"},
    };
    for (const Exchange& row : rows) {
        INFO(row.name);
        const net::Response response = cluster.ask(request(row.target, row.headers, row.method));
        CHECK(head_of(response) == row.expected);
        CHECK(response.body.empty() == (response.status != 200));
    }
}

TEST_CASE("the index names each document with its hash") {
    Cluster cluster;
    const auto entry = [&](const std::string& key) {
        const std::string path = kV3 + "/" + key;
        return "\"" + key + R"(":{"serverRelativeURL":")" + path + "?hash=" + hash_of(cluster.get(path)) +
               "\"}";
    };
    CHECK(cluster.body(kV3) == "{\"paths\":{" + entry("apis") + "," + entry("apis/metrics.k8s.io") + "," +
                                   entry("apis/metrics.k8s.io/v1") + "," +
                                   entry("apis/metrics.k8s.io/v1beta1") + "," + entry("version") + "}}");
}

TEST_CASE("what clients read of the documents") {
    Cluster cluster;
    const std::string v2 = cluster.body(kV2);
    const std::string v3 = cluster.body(kGroup);
    // kubectl explain finds a kind by this.
    for (const std::string kind : {"NodeMetrics", "NodeMetricsList", "PodMetrics", "PodMetricsList"})
        for (const std::string& document : {v2, v3})
            CHECK(holds(document, R"("x-kubernetes-group-version-kind":[{"group":"metrics.k8s.io","kind":")" +
                                      kind + R"(","version":"v1beta1"}])"));
    for (const std::string required : {R"("required":["timestamp","window","containers"])",
                                       R"("required":["timestamp","window","usage"])"}) {
        CHECK(holds(v2, required));
        CHECK(holds(v3, required));
    }
    CHECK(holds(v2, R"("io.k8s.apimachinery.pkg.api.resource.Quantity":{"description":)"));
    // A difference: what went wrong is described, too.
    CHECK(holds(v2, R"("default":{"description":"Failure","schema":{"$ref":)"
                    R"("#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.Status"}})"));
    CHECK(holds(v3, R"("oneOf":[{"type":"string"},{"type":"number"}])"));
    CHECK(holds(v3, R"("metadata":{"allOf":[{"$ref":"#/components/schemas/)"
                    R"(io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}],"default":{},)"));
    for (const std::string type :
         {"NodeMetrics", "NodeMetricsList", "PodMetrics", "PodMetricsList", "ContainerMetrics"})
        for (const std::string version : {"v1", "v1beta1"})
            CHECK(holds(v2, "\"io.k8s.metrics.pkg.apis.metrics." + version + "." + type + "\":{"));
    for (const std::string type : {"ObjectMeta", "ListMeta", "Time", "Duration", "APIGroup", "APIGroupList",
                                   "APIResource", "APIResourceList", "Status"})
        CHECK(holds(v2, "\"io.k8s.apimachinery.pkg.apis.meta.v1." + type + "\":{"));
}

TEST_CASE("each operation has the id and the action of Kubernetes") {
    Cluster cluster;
    const std::string v2 = cluster.body(kV2);
    struct Operation {
        const char* id;
        const char* action;
        const char* kind;
    };
    const Operation operations[] = {
        {"listMetricsV1beta1NodeMetrics", "list", "NodeMetrics"},
        {"readMetricsV1beta1NodeMetrics", "get", "NodeMetrics"},
        {"listMetricsV1beta1NamespacedPodMetrics", "list", "PodMetrics"},
        {"readMetricsV1beta1NamespacedPodMetrics", "get", "PodMetrics"},
        {"listMetricsV1beta1PodMetricsForAllNamespaces", "list", "PodMetrics"},
    };
    for (const Operation& operation : operations) {
        CAPTURE(operation.id);
        const std::size_t at = v2.find(R"("operationId":")" + std::string{operation.id} + "\"");
        REQUIRE(at != std::string::npos);
        const std::size_t action = v2.find(R"("x-kubernetes-action":)", at);
        const std::string expected =
            R"("x-kubernetes-action":")" + std::string{operation.action} +
            R"(","x-kubernetes-group-version-kind":{"group":"metrics.k8s.io","kind":")" + operation.kind +
            R"(","version":"v1beta1"})";
        CHECK(v2.substr(action, expected.size()) == expected);
    }
    for (const char* id : {"getAPIVersions", "getMetricsAPIGroup", "getMetricsV1APIResources",
                           "getMetricsV1beta1APIResources", "getCodeVersion"})
        CHECK(holds(v2, R"("operationId":")" + std::string{id} + "\""));
}
