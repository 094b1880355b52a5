// SPDX-License-Identifier: Apache-2.0
// Contract, 1.1 and 1.2: what kubectl sends, to the letter, and what it gets, to the byte. What it asks of
// discovery is in discovery_test.cpp; `kubectl explain` in openapi_test.cpp, too. kubectl itself is run
// against topd by test/e2e.
#include "test/apiserver/contract/bodies.hpp"
#include "test/apiserver/contract/told.hpp"

#include <catch2/catch.hpp>

using namespace test;

namespace {

std::vector<Header> from_kubectl(const std::string& accept) {
    return {{"Accept", accept},
            {"Accept-Encoding", "gzip"},
            {"User-Agent", "kubectl/v1.33.1 (linux/amd64) kubernetes/8adc0f0"}};
}

// `kubectl top`, and the same with --use-protocol-buffers=false.
const std::vector<Header> kTop = from_kubectl("application/vnd.kubernetes.protobuf, */*");
const std::vector<Header> kTopTyped = from_kubectl("application/vnd.kubernetes.protobuf,application/json");
// `kubectl get`, with and without a format of its own, and `kubectl get --raw`.
const std::vector<Header> kGet = from_kubectl(
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,"
    "application/json");
const std::vector<Header> kGetJson = from_kubectl("application/json");
const std::vector<Header> kGetRaw = from_kubectl("application/json, */*");

const std::string kNodesWire =
    kNodesWireType + "12eb01[" + kListMeta + "128301[" + kNode1Wire + "] 125b[" + kNode2Wire + "]]" + kEnd;
const std::string kDefaultPodsWire =
    kPodsWireType + "12af01[" + kListMeta + "12a401[" + kWebWire + "]]" + kEnd;

std::string ok_wire(const std::string& notation) {
    return kOkProtobuf + golden(notation);
}

std::string status_wire(const std::string& code, const std::string& rest) {
    return code + " application/vnd.kubernetes.protobuf\n\n" +
           golden("6b387300 0a0c{0a02'v1' 1206'Status'}" + rest + "1a00 2200");
}

void check(Cluster& cluster, const Exchange& row) {
    INFO(row.name);
    CHECK(told(cluster.ask(request(row.target, row.headers, row.method))) == row.expected);
}

}  // namespace

TEST_CASE("kubectl top gets protobuf to the byte") {
    Cluster cluster;
    cluster.fill();
    const std::string v1 = "/apis/metrics.k8s.io/v1";
    const Exchange rows[] = {
        {"top node", kMetrics + "/nodes", kTop, ok_wire(kNodesWire)},
        {"top node without --use-protocol-buffers", kMetrics + "/nodes", kTopTyped, ok_wire(kNodesWire)},
        {"top node N", kMetrics + "/nodes/n1", kTop,
         ok_wire(kNodeWireType + "128301[" + kNode1Wire + "]" + kEnd)},
        {"top node -l zone=a", kMetrics + "/nodes?labelSelector=zone%3Da", kTop,
         ok_wire(kNodesWireType + "128e01[" + kListMeta + "128301[" + kNode1Wire + "]]" + kEnd)},
        {"top pod", kMetrics + "/namespaces/default/pods", kTop, ok_wire(kDefaultPodsWire)},
        {"top pod -l app=web", kMetrics + "/namespaces/default/pods?labelSelector=app%3Dweb", kTop,
         ok_wire(kDefaultPodsWire)},
        {"top pod -A", kMetrics + "/pods", kTop,
         ok_wire(kPodsWireType + "129c02[" + kListMeta + "12a401[" + kWebWire + "] 126b[" + kDnsWire + "]]" +
                 kEnd)},
        {"top pod P --containers", kMetrics + "/namespaces/default/pods/web-0", kTop,
         ok_wire(kPodWireType + "12a401[" + kWebWire + "]" + kEnd)},
        {"top pod --field-selector before 1.37",
         kMetrics + "/namespaces/default/pods?fieldSelector=metadata.name%3Dweb-0", kTop,
         ok_wire(kDefaultPodsWire)},
        {"top node of kubectl 1.37 where v1 is preferred", v1 + "/nodes/n2", kTop,
         ok_wire("6b387300 0a20{0a11'metrics.k8s.io/v1' 120b'NodeMetrics'} 125b[" + kNode2Wire + "]" + kEnd)},
        {"top pod of kubectl 1.37 where v1 is preferred", v1 + "/namespaces/default/pods", kTop,
         ok_wire("6b387300 0a23{0a11'metrics.k8s.io/v1' 120e'PodMetricsList'} 12af01[" + kListMeta +
                 "12a401[" + kWebWire + "]]" + kEnd)},
    };
    for (const Exchange& row : rows) check(cluster, row);
}

TEST_CASE("what kubectl top prints as an error it gets as a Status in protobuf") {
    Cluster cluster;
    cluster.fill();
    const Exchange rows[] = {
        {"node list empty: metrics not available yet", kMetrics + "/nodes?labelSelector=zone%3Db", kTop,
         ok_wire(kNodesWireType + "1208[" + kListMeta + "]" + kEnd)},
        {"pod list empty: metrics not available yet", kMetrics + "/namespaces/none/pods", kTop,
         ok_wire(kPodsWireType + "1208[" + kListMeta + "]" + kEnd)},
        {"named node without sample", kMetrics + "/nodes/n3", kTop,
         status_wire("404",
                     "1270[0a06{0a00 1200 1a00} 1207'Failure'"
                     "1a29'nodemetrics.metrics.k8s.io \"n3\" not found' 2208'NotFound'"
                     "2a25{0a02'n3' 120e'metrics.k8s.io' 1a0b'nodemetrics' 2800 3200} 309403]")},
        {"named pod without sample", kMetrics + "/namespaces/default/pods/web-1", kTop,
         status_wire("404",
                     "128401[0a06{0a00 1200 1a00} 1207'Failure'"
                     "1a33'podmetrics.metrics.k8s.io \"default/web-1\" not found' 2208'NotFound'"
                     "2a2f{0a0d'default/web-1' 120e'metrics.k8s.io' 1a0a'podmetrics' 2800 3200}"
                     "309403]")},
        {"named node unknown to the watch", kMetrics + "/nodes/nope", kTop,
         status_wire("404",
                     "1249[0a06{0a00 1200 1a00} 1207'Failure' 1a15'node \"nope\" not found'"
                     "2208'NotFound' 2a12{0a04'nope' 1200 1a04'node' 2800 3200} 309403]")},
        {"named pod unknown to the watch", kMetrics + "/namespaces/default/pods/nope", kTopTyped,
         status_wire("404",
                     "1249[0a06{0a00 1200 1a00} 1207'Failure' 1a15'pods \"nope\" not found'"
                     "2208'NotFound' 2a12{0a04'nope' 1200 1a04'pods' 2800 3200} 309403]")},
        {"--field-selector=spec.nodeName=n1",
         kMetrics + "/namespaces/default/pods?fieldSelector=spec.nodeName%3Dn1", kTop,
         status_wire("400",
                     "127b[0a06{0a00 1200 1a00} 1207'Failure'"
                     "1a59'\"spec.nodeName\" is not a known field selector: only \"metadata.name\", "
                     "\"metadata.namespace\"' 220a'BadRequest' 309003]")},
    };
    for (const Exchange& row : rows) check(cluster, row);
}

TEST_CASE("kubectl get gets a Table to the byte") {
    Cluster cluster;
    cluster.fill();
    const std::string cells1 = R"("n1","123458473n","1205632Ki","10.01s")";
    const std::string cells2 = R"("n2","60m","1Mi","10s")";
    const std::string web = R"("web-0","1500m","52430849","0","15.002s")";
    const std::string dns = R"("dns","1m","1Ki","0","10s")";
    const std::string nodes = kOkJson + kTwoColumns + table_row(cells1, partial_object(kNode1Meta)) + "," +
                              table_row(cells2, partial_object(kNode2Meta)) + "]}\n";
    const std::string none =
        kOkJson +
        R"({"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"columnDefinitions":null,"rows":null})"
        "\n";
    const Exchange rows[] = {
        {"get nodemetrics; -o wide; --show-labels reads the rows' objects", kMetrics + "/nodes?limit=500",
         kGet, nodes},
        {"get nodemetrics --chunk-size=1", kMetrics + "/nodes?limit=1", kGet, nodes},
        {"get podmetrics -A; get pods.metrics.k8s.io -A", kMetrics + "/pods?limit=500", kGet,
         kOkJson + kThreeColumns + table_row(web, partial_object(kWebMeta)) + "," +
             table_row(dns, partial_object(kDnsMeta)) + "]}\n"},
        {"get nodemetrics --sort-by=.x", kMetrics + "/nodes?includeObject=Object", kGet,
         kOkJson + kTwoColumns + table_row(cells1, json_head("NodeMetrics") + kNode1Json) + "," +
             table_row(cells2, json_head("NodeMetrics") + kNode2Json) + "]}\n"},
        {"get podmetrics -l app=web", kMetrics + "/namespaces/default/pods?labelSelector=app%3Dweb&limit=500",
         kGet, kOkJson + kThreeColumns + table_row(web, partial_object(kWebMeta)) + "]}\n"},
        {"get podmetrics --field-selector metadata.name=none",
         kMetrics + "/namespaces/default/pods?fieldSelector=metadata.name%3Dnone&limit=500", kGet, none},
        {"get nodemetrics n1", kMetrics + "/nodes/n1", kGet,
         kOkJson + kTwoColumns + table_row(cells1, partial_object(kNode1Meta)) + "]}\n"},
        {"get nodemetrics nope", kMetrics + "/nodes/nope", kGet,
         refused(404, R"("message":"node \"nope\" not found","reason":"NotFound",)"
                      R"("details":{"name":"nope","kind":"node"},"code":404})")},
        {"get nodemetrics -w, after its list", kMetrics + "/nodes?watch=true", kGet,
         refused(405, R"("message":"watch is not supported on resources of kind \"nodes.metrics.k8s.io\"",)"
                      R"("reason":"MethodNotAllowed","details":{"group":"metrics.k8s.io","kind":"nodes"},)"
                      R"("code":405})")},
    };
    for (const Exchange& row : rows) check(cluster, row);
}

TEST_CASE("the other verbs of kubectl get JSON to the byte") {
    Cluster cluster;
    cluster.fill();
    const std::string both = json_list("NodeMetricsList", "{" + kNode1Json + ",{" + kNode2Json);
    const std::string node = json_head("NodeMetrics") + kNode1Json + "\n";
    const std::string no_method =
        R"("message":"the server does not allow this method on the requested resource",)"
        R"("reason":"MethodNotAllowed","details":{},"code":405})";
    const Exchange rows[] = {
        {"get nodemetrics -o yaml, json, name, jsonpath", kMetrics + "/nodes?limit=500", kGetJson,
         kOkJson + both},
        {"get nodemetrics n1 -o json; describe nodemetrics n1", kMetrics + "/nodes/n1", kGetJson,
         kOkJson + node},
        {"get podmetrics web-0 -o json", kMetrics + "/namespaces/default/pods/web-0", kGetJson,
         kOkJson + json_head("PodMetrics") + kWebJson + "\n"},
        {"get podmetrics -A -o json", kMetrics + "/pods?limit=500", kGetJson,
         kOkJson + json_list("PodMetricsList", "{" + kWebJson + ",{" + kDnsJson)},
        {"get podmetrics -o json where there are none", kMetrics + "/namespaces/none/pods?limit=500",
         kGetJson, kOkJson + json_list("PodMetricsList", "")},
        {"get --raw", kMetrics + "/nodes", kGetRaw, kOkJson + both},
        {"get --raw of one object", kMetrics + "/nodes/n1", kGetRaw, kOkJson + node},
        {"delete nodemetrics n1", kMetrics + "/nodes/n1", kGetJson, refused(405, no_method), "DELETE"},
        {"create --raw", kMetrics + "/nodes", kGetJson, refused(405, no_method), "POST"},
    };
    for (const Exchange& row : rows) check(cluster, row);

    net::Request removal = request(kMetrics + "/nodes/n1", kGetJson, "DELETE");
    removal.headers.add("Content-Type", "application/json");
    removal.body = R"({"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Background"})";
    CHECK(told(cluster.ask(std::move(removal))) == refused(405, no_method));
}
