// SPDX-License-Identifier: Apache-2.0
// Answers in YAML: expected bytes are the JSON of the contract by the rules of sigs.k8s.io/yaml.
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using test::Cluster;
using test::header;
using test::kMetrics;

namespace {

const test::Header kAcceptYaml{"Accept", "application/yaml"};

const std::string kPodList =
    "apiVersion: metrics.k8s.io/v1beta1\n"
    "items:\n"
    "- containers:\n"
    "  - name: app\n"
    "    usage:\n"
    "      cpu: 1500m\n"
    "      memory: \"52428801\"\n"
    "      swap: \"0\"\n"
    "  - name: proxy\n"
    "    usage:\n"
    "      cpu: \"0\"\n"
    "      memory: 2Ki\n"
    "  metadata:\n"
    "    creationTimestamp: \"2026-11-22T15:31:26Z\"\n"
    "    labels:\n"
    "      app: web\n"
    "    name: web-0\n"
    "    namespace: default\n"
    "  timestamp: \"2026-11-22T15:31:18Z\"\n"
    "  window: 15.002s\n"
    "- containers:\n"
    "  - name: dns\n"
    "    usage:\n"
    "      cpu: 1m\n"
    "      memory: 1Ki\n"
    "  metadata:\n"
    "    creationTimestamp: \"2026-11-22T15:31:26Z\"\n"
    "    labels:\n"
    "      app: dns\n"
    "    name: dns\n"
    "    namespace: kube-system\n"
    "  timestamp: \"2026-11-22T15:31:18Z\"\n"
    "  window: 10s\n"
    "kind: PodMetricsList\n"
    "metadata: {}\n";

}  // namespace

TEST_CASE("objects and lists in YAML") {
    Cluster cluster;
    cluster.fill();
    struct Case {
        std::string target;
        std::string expected;
    };
    const Case cases[] = {
        {kMetrics + "/nodes/n1",
         "apiVersion: metrics.k8s.io/v1beta1\nkind: NodeMetrics\nmetadata:\n"
         "  creationTimestamp: \"2026-11-22T15:31:26Z\"\n  labels:\n    kubernetes.io/hostname: n1\n"
         "    zone: a\n  name: n1\ntimestamp: \"2026-11-22T15:31:18Z\"\nusage:\n  cpu: 123458473n\n"
         "  memory: 1205632Ki\nwindow: 10.01s\n"},
        {kMetrics + "/pods", kPodList},
        {kMetrics + "/pods?pretty=true", kPodList},
        {kMetrics + "/namespaces/none/pods",
         "apiVersion: metrics.k8s.io/v1beta1\nitems: []\nkind: PodMetricsList\nmetadata: {}\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target);
        const net::Response response = cluster.get(c.target, {kAcceptYaml});
        CHECK(response.status == 200);
        CHECK(header(response, "Content-Type") == "application/yaml");
        CHECK(response.body == c.expected);
    }
}

TEST_CASE("a table and partial objects in YAML") {
    Cluster cluster;
    cluster.fill();
    const auto as = [](const std::string& kind) {
        return test::Header{"Accept", "application/yaml;as=" + kind + ";v=v1;g=meta.k8s.io"};
    };
    CHECK(cluster.body(kMetrics + "/nodes?fieldSelector=metadata.name%3Dn2&includeObject=None",
                       {as("Table")}) ==
          "apiVersion: meta.k8s.io/v1\n"
          "columnDefinitions:\n"
          "- description: Name of the resource\n  format: name\n  name: Name\n  priority: 0\n  type: string\n"
          "- description: \"\"\n  format: quantity\n  name: cpu\n  priority: 0\n  type: string\n"
          "- description: \"\"\n  format: quantity\n  name: memory\n  priority: 0\n  type: string\n"
          "- description: \"\"\n  format: quantity\n  name: swap\n  priority: 0\n  type: string\n"
          "- description: \"\"\n  format: duration\n  name: Window\n  priority: 0\n  type: string\n"
          "kind: Table\nmetadata: {}\n"
          "rows:\n- cells:\n  - n2\n  - 60m\n  - 1Mi\n  - 1k\n  - 10s\n  object: null\n");
    CHECK(cluster.body(kMetrics + "/nodes?labelSelector=none", {as("Table")}) ==
          "apiVersion: meta.k8s.io/v1\ncolumnDefinitions: null\nkind: Table\nmetadata: {}\nrows: null\n");
    CHECK(cluster.body(kMetrics + "/nodes?labelSelector=!zone", {as("PartialObjectMetadataList")}) ==
          "apiVersion: meta.k8s.io/v1\nitems:\n- apiVersion: meta.k8s.io/v1\n  kind: PartialObjectMetadata\n"
          "  metadata:\n    creationTimestamp: \"2026-11-22T15:31:26Z\"\n    name: n2\n"
          "kind: PartialObjectMetadataList\nmetadata: {}\n");
    CHECK(cluster.body(kMetrics + "/nodes/n2", {as("PartialObjectMetadata")}) ==
          "apiVersion: meta.k8s.io/v1\nkind: PartialObjectMetadata\nmetadata:\n"
          "  creationTimestamp: \"2026-11-22T15:31:26Z\"\n  name: n2\n");
}

TEST_CASE("failures and discovery in YAML") {
    Cluster cluster;
    cluster.fill();
    const net::Response lost = cluster.get(kMetrics + "/nodes/nope", {kAcceptYaml});
    CHECK(lost.status == 404);
    CHECK(header(lost, "Content-Type") == "application/yaml");
    CHECK(lost.body ==
          "apiVersion: v1\ncode: 404\ndetails:\n  kind: node\n  name: nope\nkind: Status\n"
          "message: node \"nope\" not found\nmetadata: {}\nreason: NotFound\nstatus: Failure\n");
    CHECK(cluster.body(kMetrics + "/nodes?watch=true", {kAcceptYaml}) ==
          "apiVersion: v1\ncode: 405\ndetails:\n  group: metrics.k8s.io\n  kind: nodes\nkind: Status\n"
          "message: watch is not supported on resources of kind \"nodes.metrics.k8s.io\"\n"
          "metadata: {}\nreason: MethodNotAllowed\nstatus: Failure\n");
    CHECK(cluster.body("/apis/metrics.k8s.io/v1", {kAcceptYaml}) ==
          "apiVersion: v1\ngroupVersion: metrics.k8s.io/v1\nkind: APIResourceList\nresources:\n"
          "- kind: NodeMetrics\n  name: nodes\n  namespaced: false\n  singularName: \"\"\n  verbs:\n"
          "  - get\n  - list\n- kind: PodMetrics\n  name: pods\n  namespaced: true\n"
          "  singularName: \"\"\n  verbs:\n  - get\n  - list\n");
    const net::Response aggregated = cluster.get(
        "/apis", {{"Accept", "application/yaml;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"}});
    CHECK(header(aggregated, "Content-Type") ==
          "application/yaml;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    CHECK(
        aggregated.body.starts_with("apiVersion: apidiscovery.k8s.io/v2\nitems:\n- metadata:\n"
                                    "    name: metrics.k8s.io\n  versions:\n  - freshness: Current\n"));
}
