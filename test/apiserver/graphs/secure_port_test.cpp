// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"

#include <string>

#include <catch2/catch.hpp>

TEST_CASE("the secure port has the graphs for those who may read their paths") {
    test::graphs::Scene scene;
    scene.run(14);
    // Not below /api, which the role system:discovery opens to everybody who is known.
    const std::string nodes = "/graphs/api/v1/model/nodes";
    test::Cluster cluster;
    CHECK(cluster.get(nodes).status == 404);
    cluster.options.graphs = &scene.graphs;
    CHECK(cluster.body(nodes) == "[\n  \"n1\"\n ]");
    const apiserver::RequestInfo& info = cluster.authorizer.asked.back();
    CHECK(!info.is_resource);
    CHECK(info.path == nodes);
    CHECK(info.verb == "get");
    CHECK(cluster.body("/graphs/api/v1/dashboard/nodes/x/metrics/cpu/usage_rate") == R"({"items":null})");
    CHECK(cluster.get("/graphs/api/v1/other").status == 404);
    CHECK(cluster.get("/api/v1/model/nodes").status == 404);
    CHECK(cluster.get("/graphsapi/v1/model/nodes").status == 404);
    const std::string index = cluster.body("/");
    CHECK(index.find("\"/graphs/api/v1/dashboard\"") < index.find("\"/graphs/api/v1/model\""));
    CHECK(index.find("\"/graphs/api/v1/model\"") != std::string::npos);
    cluster.authorizer.result.verdict = apiserver::Decision::Verdict::denied;
    CHECK(cluster.get(nodes).status == 403);
}
