// SPDX-License-Identifier: Apache-2.0
// Tables to the byte, as `kubectl get` reads them.
#include "apiserver/table/table.hpp"

#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using test::Cluster;
using test::kMetrics;

namespace {

std::vector<test::Header> accept(const std::string& version) {
    return {{"Accept", "application/json;as=Table;v=" + version + ";g=meta.k8s.io"}};
}

const std::string kName =
    R"({"name":"Name","type":"string","format":"name","description":"Name of the resource","priority":0})";
const std::string kWindow =
    R"({"name":"Window","type":"string","format":"duration","description":"","priority":0})";

std::string quantity(const std::string& name) {
    return R"({"name":")" + name + R"(","type":"string","format":"quantity","description":"","priority":0})";
}

const std::string kTwo = kName + "," + quantity("cpu") + "," + quantity("memory") + "," + kWindow;
const std::string kThree =
    kName + "," + quantity("cpu") + "," + quantity("memory") + "," + quantity("swap") + "," + kWindow;

std::string table(const std::string& version, const std::string& columns, const std::string& rows) {
    return R"({"kind":"Table","apiVersion":"meta.k8s.io/)" + version +
           R"(","metadata":{},"columnDefinitions":[)" + columns + R"(],"rows":[)" + rows + "]}\n";
}

std::string row(const std::string& cells, const std::string& object) {
    return R"({"cells":[)" + cells + R"(],"object":)" + object + "}";
}

std::string partial(const std::string& version, const std::string& metadata) {
    return R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/)" + version + R"(","metadata":)" +
           metadata + "}";
}

const std::string kNode1Cells = R"("n1","123458473n","1205632Ki","10.01s")";
const std::string kNode1Metadata =
    R"({"name":"n1","creationTimestamp":"2026-11-22T15:31:26Z","labels":{"kubernetes.io/hostname":"n1","zone":"a"}})";
const std::string kNode2Metadata = R"({"name":"n2","creationTimestamp":"2026-11-22T15:31:26Z"})";
const std::string kPodMetadata =
    R"({"name":"web-0","namespace":"default","creationTimestamp":"2026-11-22T15:31:26Z","labels":{"app":"web"}})";

}  // namespace

TEST_CASE("a table of nodes has the columns of its first row") {
    Cluster cluster;
    cluster.fill();
    const std::string version = GENERATE("v1", "v1beta1");
    CHECK(cluster.body(kMetrics + "/nodes", accept(version)) ==
          table(version, kTwo,
                row(kNode1Cells, partial(version, kNode1Metadata)) + "," +
                    row(R"("n2","60m","1Mi","10s")", partial(version, kNode2Metadata))));
    const std::string alone =
        table(version, kThree, row(R"("n2","60m","1Mi","1k","10s")", partial(version, kNode2Metadata)));
    CHECK(cluster.body(kMetrics + "/nodes?labelSelector=!zone", accept(version)) == alone);
    CHECK(cluster.body(kMetrics + "/nodes/n2", accept(version)) == alone);
    cluster.options.metrics.swap = false;
    CHECK(cluster.body(kMetrics + "/nodes/n2", accept(version)) ==
          table(version, kTwo, row(R"("n2","60m","1Mi","10s")", partial(version, kNode2Metadata))));
}

TEST_CASE("a table of pods sums up their containers") {
    Cluster cluster;
    cluster.fill();
    const std::string cells = R"("web-0","1500m","52430849","0","15.002s")";
    CHECK(cluster.body(kMetrics + "/namespaces/default/pods", accept("v1")) ==
          table("v1", kThree, row(cells, partial("v1", kPodMetadata))));
    // The second has no swap, but the column is there.
    CHECK(cluster.body(kMetrics + "/pods?includeObject=None", accept("v1")) ==
          table("v1", kThree, row(cells, "null") + "," + row(R"("dns","1m","1Ki","0","10s")", "null")));
}

TEST_CASE("what a table's rows carry can be chosen") {
    Cluster cluster;
    cluster.fill();
    const std::string node1 =
        R"({"kind":"NodeMetrics","apiVersion":"metrics.k8s.io/v1beta1","metadata":)" + kNode1Metadata +
        R"(,"timestamp":"2026-11-22T15:31:18Z","window":"10.01s","usage":{"cpu":"123458473n","memory":"1205632Ki"}})";
    const auto with = [&](const std::string& query) {
        return cluster.body(kMetrics + "/nodes?labelSelector=zone%3Da" + query, accept("v1"));
    };
    CHECK(with("") == table("v1", kTwo, row(kNode1Cells, partial("v1", kNode1Metadata))));
    CHECK(with("&includeObject=") == with(""));
    CHECK(with("&includeObject=Metadata") == with(""));
    CHECK(with("&includeObject=None") == table("v1", kTwo, row(kNode1Cells, "null")));
    CHECK(with("&includeObject=Object") == table("v1", kTwo, row(kNode1Cells, node1)));
    CHECK(cluster.body(kMetrics + "/nodes/n1?includeObject=Object", accept("v1")) ==
          with("&includeObject=Object"));
}

TEST_CASE("a table knows no other things to carry") {
    Cluster cluster;
    cluster.fill();
    const std::vector<test::Header> headers{
        {"Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}};
    for (const std::string target : {"/nodes", "/pods", "/nodes/n1", "/namespaces/default/pods/web-0"}) {
        const net::Response response = cluster.get(kMetrics + target + "?includeObject=Bogus", headers);
        CHECK(response.status == 400);
        CHECK(
            response.body ==
            R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unable to convert )"
            R"(to Table as requested: includeObject: Invalid value: \"Bogus\": must be 'Metadata', 'Object', )"
            R"('None', or empty","reason":"BadRequest","code":400})"
            "\n");
    }
    // Nobody asked for a table; what is not there is not there whatever is asked of it.
    CHECK(cluster.get(kMetrics + "/nodes?includeObject=Bogus").status == 200);
    CHECK(cluster.get(kMetrics + "/nodes/nope?includeObject=Bogus", headers).status == 404);
    CHECK(cluster.get(kMetrics + "/nodes?includeObject=Bogus&watch=1", headers).status == 405);
}

TEST_CASE("an empty table has no columns") {
    Cluster cluster;
    cluster.fill();
    const std::string version = GENERATE("v1", "v1beta1");
    for (const std::string target : {"/nodes?labelSelector=none", "/namespaces/none/pods"})
        CHECK(cluster.body(kMetrics + target, accept(version)) ==
              R"({"kind":"Table","apiVersion":"meta.k8s.io/)" + version +
                  R"(","metadata":{},"columnDefinitions":null,"rows":null})" + "\n");
    CHECK(cluster.body(kMetrics + "/namespaces/none/pods?pretty=1", accept("v1")) ==
          "{\n  \"kind\": \"Table\",\n  \"apiVersion\": \"meta.k8s.io/v1\",\n  \"metadata\": {},\n"
          "  \"columnDefinitions\": null,\n  \"rows\": null\n}");
}

TEST_CASE("kubectl's Accept header gets a table of either version of the group") {
    Cluster cluster;
    cluster.fill();
    const std::vector<test::Header> kubectl{
        {"Accept",
         "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,"
         "application/json"}};
    const net::Response response =
        cluster.get("/apis/metrics.k8s.io/v1/nodes?limit=500&includeObject=Object", kubectl);
    CHECK(test::header(response, "Content-Type") == "application/json");
    CHECK(response.body.starts_with(R"({"kind":"Table","apiVersion":"meta.k8s.io/v1",)"));
    CHECK(response.body.find(R"("object":{"kind":"NodeMetrics","apiVersion":"metrics.k8s.io/v1",)") !=
          std::string::npos);
    // A failure is a plain Status.
    CHECK(cluster.body("/apis/metrics.k8s.io/v1/nodes/nope", kubectl).starts_with(R"({"kind":"Status",)"));
}
