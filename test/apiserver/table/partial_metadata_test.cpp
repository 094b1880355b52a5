// SPDX-License-Identifier: Apache-2.0
#include "apiserver/table/partial_metadata.hpp"

#include "test/apiserver/fixture.hpp"
#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>

using kube::test::golden;
using test::Cluster;
using test::kMetrics;

namespace {

std::vector<test::Header> accept(const std::string& type, const std::string& kind,
                                 const std::string& version) {
    return {{"Accept", "application/" + type + ";as=" + kind + ";g=meta.k8s.io;v=" + version}};
}

const std::string kNode1 =
    R"("metadata":{"name":"n1","creationTimestamp":"2026-11-22T15:31:26Z","labels":{"kubernetes.io/hostname":"n1","zone":"a"}}})";
const std::string kNode2 = R"("metadata":{"name":"n2","creationTimestamp":"2026-11-22T15:31:26Z"}})";
const std::string kPod =
    R"("metadata":{"name":"web-0","namespace":"default","creationTimestamp":"2026-11-22T15:31:26Z","labels":{"app":"web"}}})";

// The ObjectMeta of the same nodes; 69 and 28 bytes.
const std::string kMiddle = "2200 2a00 3200 3800 4208{08ce958cd806 1000}";
const std::string kNode1Wire = "0a43[0a02'n1' 1200 1a00" + kMiddle +
                               "5a1c{0a16'kubernetes.io/hostname' 1202'n1'} 5a09{0a04'zone' 1201'a'}]";
const std::string kNode2Wire = "0a1a[0a02'n2' 1200 1a00" + kMiddle + "]";

}  // namespace

TEST_CASE("partial objects in JSON") {
    Cluster cluster;
    cluster.fill();
    const std::string version = GENERATE("v1", "v1beta1");
    const std::string item =
        R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/)" + version + R"(",)";
    const std::string list = R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/)" + version +
                             R"(","metadata":{},"items":)";
    const auto object = accept("json", "PartialObjectMetadata", version);
    const auto objects = accept("json", "PartialObjectMetadataList", version);
    CHECK(cluster.body(kMetrics + "/nodes/n1", object) == item + kNode1 + "\n");
    CHECK(cluster.body(kMetrics + "/namespaces/default/pods/web-0", object) == item + kPod + "\n");
    CHECK(cluster.body(kMetrics + "/nodes", objects) ==
          list + "[" + item + kNode1 + "," + item + kNode2 + "]}\n");
    CHECK(cluster.body(kMetrics + "/namespaces/default/pods", objects) == list + "[" + item + kPod + "]}\n");
    CHECK(cluster.body(kMetrics + "/nodes?labelSelector=none", objects) == list + "null}\n");
}

TEST_CASE("partial objects in protobuf") {
    Cluster cluster;
    cluster.fill();
    const std::string type = "vnd.kubernetes.protobuf";
    const std::string meta = "0a06{0a00 1200 1a00}";
    const std::string list = "0a2b{0a0e'meta.k8s.io/v1' 1219'PartialObjectMetadataList'}";
    CHECK(cluster.body(kMetrics + "/nodes/n1", accept(type, "PartialObjectMetadata", "v1")) ==
          golden("6b387300 0a27{0a0e'meta.k8s.io/v1' 1215'PartialObjectMetadata'} 1245[" + kNode1Wire +
                 "] 1a00 2200"));
    CHECK(cluster.body(kMetrics + "/nodes/n2", accept(type, "PartialObjectMetadata", "v1beta1")) ==
          golden("6b387300 0a2c{0a13'meta.k8s.io/v1beta1' 1215'PartialObjectMetadata'} 121c[" + kNode2Wire +
                 "] 1a00 2200"));
    const auto objects = accept(type, "PartialObjectMetadataList", "v1");
    CHECK(cluster.body(kMetrics + "/nodes", objects) ==
          golden("6b387300" + list + "126d[" + meta + "1245[" + kNode1Wire + "] 121c[" + kNode2Wire +
                 "]] 1a00 2200"));
    CHECK(cluster.body(kMetrics + "/nodes?labelSelector=none", objects) ==
          golden("6b387300" + list + "1208[" + meta + "] 1a00 2200"));
}

TEST_CASE("lists and objects have partial forms of their own") {
    Cluster cluster;
    cluster.fill();
    struct Case {
        std::string target;
        std::string kind;
        std::string message;
    };
    const std::string of_list = "you requested PartialObjectMetadata, but the requested object is a list ";
    const std::string of_object =
        "you requested PartialObjectMetadataList, but the requested object is not a list ";
    const Case cases[] = {
        {"/nodes", "PartialObjectMetadata", of_list + "(*metrics.NodeMetricsList)"},
        {"/pods", "PartialObjectMetadata", of_list + "(*metrics.PodMetricsList)"},
        {"/nodes/n1", "PartialObjectMetadataList", of_object + "(*metrics.NodeMetrics)"},
        {"/namespaces/default/pods/web-0", "PartialObjectMetadataList", of_object + "(*metrics.PodMetrics)"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target);
        auto headers = accept("json", c.kind, "v1");
        // Who accepts nothing plain is told in indented JSON.
        const net::Response strict = cluster.get(kMetrics + c.target, headers);
        CHECK(strict.status == 406);
        CHECK(strict.body ==
              "{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {},\n"
              "  \"status\": \"Failure\",\n  \"message\": \"" +
                  c.message + "\",\n  \"reason\": \"NotAcceptable\",\n  \"code\": 406\n}");
        headers[0].second += ",application/json";
        CHECK(cluster.body(kMetrics + c.target, headers) ==
              R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":")" +
                  c.message + R"(","reason":"NotAcceptable","code":406})" + "\n");
    }
}
