// SPDX-License-Identifier: Apache-2.0
// What flags change in the answers. What clients ask for and get is in test/apiserver/contract/.
#include "test/apiserver/contract/bodies.hpp"
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using namespace test;

TEST_CASE("the node selector narrows lists of nodes and nothing else") {
    Cluster cluster;
    cluster.fill();
    cluster.options.metrics.node_selector = *apiserver::LabelSelector::parse("zone=a");
    CHECK(cluster.body(kMetrics + "/nodes") == json_list("NodeMetricsList", "{" + kNode1Json));
    CHECK(cluster.body(kMetrics + "/nodes?labelSelector=zone!%3Da") == json_list("NodeMetricsList", ""));
    CHECK(cluster.body(kMetrics + "/nodes/n2") == json_head("NodeMetrics") + kNode2Json + "\n");
    CHECK(cluster.body(kMetrics + "/pods") == json_list("PodMetricsList", "{" + kWebJson + ",{" + kDnsJson));
}
