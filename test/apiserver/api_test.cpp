// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using test::Cluster;
using test::header;
using test::kMetrics;
using test::kProtobuf;

namespace {

const std::string kStart = R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)";

// Names in the order of a list; pods as namespace/name.
std::vector<std::string> names(const std::string& body) {
    std::vector<std::string> out;
    const nlohmann::json list = nlohmann::json::parse(body);
    for (const nlohmann::json& item : list.at("items")) {
        const nlohmann::json& metadata = item.at("metadata");
        const std::string name_space = metadata.value("namespace", "");
        out.push_back((name_space.empty() ? "" : name_space + "/") + metadata.at("name").get<std::string>());
    }
    return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("lists hold what has usage in order") {
    Cluster cluster;
    cluster.fill();
    struct Case {
        std::string target;
        Names expected;
    };
    const Case cases[] = {
        {"/nodes", {"n1", "n2"}},
        {"/nodes/", {"n1", "n2"}},
        {"/pods", {"default/web-0", "kube-system/dns"}},
        {"/namespaces//pods", {"default/web-0", "kube-system/dns"}},
        {"/namespaces/default/pods", {"default/web-0"}},
        {"/namespaces/default%2Fpods", {"default/web-0"}},
        {"/namespaces/none/pods/", {}},
        {"/pods?labelSelector=app%3Dweb", {"default/web-0"}},
        {"/pods?labelSelector=app+notin+%28web%29", {"kube-system/dns"}},
        {"/pods?labelSelector=app;zone", {"default/web-0", "kube-system/dns"}},
        {"/nodes?labelSelector=zone", {"n1"}},
        {"/nodes?labelSelector=!zone&limit=500", {"n2"}},
        {"/pods?fieldSelector=metadata.name%3Ddns", {"kube-system/dns"}},
        {"/pods?fieldSelector=metadata.namespace!%3Ddefault", {"kube-system/dns"}},
        {"/namespaces/default/pods?fieldSelector=metadata.namespace%3Dkube-system", {}},
        {"/nodes?fieldSelector=metadata.name%3Dn2", {"n2"}},
        {"/nodes?fieldSelector=metadata.namespace%3Dx", {}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target);
        const net::Response response = cluster.get(kMetrics + c.target);
        REQUIRE(response.status == 200);
        CHECK(names(response.body) == c.expected);
    }
}

TEST_CASE("the node selector narrows lists of nodes and nothing else") {
    Cluster cluster;
    cluster.fill();
    cluster.options.metrics.node_selector = *apiserver::LabelSelector::parse("zone=a");
    CHECK(names(cluster.body(kMetrics + "/nodes")) == Names{"n1"});
    CHECK(names(cluster.body(kMetrics + "/nodes?labelSelector=zone!%3Da")) == Names{});
    CHECK(cluster.get(kMetrics + "/nodes/n2").status == 200);
    CHECK(names(cluster.body(kMetrics + "/pods")).size() == 2);
}

TEST_CASE("what is not there or not allowed has its Status") {
    Cluster cluster;
    cluster.fill();
    const std::string no_path =
        R"("message":"the server could not find the requested resource","reason":"NotFound","details":{},"code":404})";
    const std::string no_method =
        R"("message":"the server does not allow this method on the requested resource","reason":"MethodNotAllowed","details":{},"code":405})";
    struct Case {
        std::string method;
        std::string target;
        unsigned status;
        std::string expected;
    };
    const auto unknown = [](const std::string& kind, const std::string& name) {
        return R"("message":")" + kind + R"( \")" + name +
               R"(\" not found","reason":"NotFound","details":{"name":")" + name + R"(","kind":")" + kind +
               R"("},"code":404})";
    };
    const Case cases[] = {
        {"GET", "/nodes/nope", 404, unknown("node", "nope")},
        {"GET", "/nodes/..", 404, unknown("node", "..")},
        {"GET", "/nodes/.", 404, unknown("node", ".")},
        {"GET", "/nodes/%2e%2e", 404, unknown("node", "..")},
        {"GET", "/namespaces/default/pods/nope", 404, unknown("pods", "nope")},
        {"GET", "/nodes/n3", 404,
         R"("message":"nodemetrics.metrics.k8s.io \"n3\" not found","reason":"NotFound","details":{"name":"n3","group":"metrics.k8s.io","kind":"nodemetrics"},"code":404})"},
        {"GET", "/namespaces/default/pods/web-1", 404,
         R"("message":"podmetrics.metrics.k8s.io \"default/web-1\" not found","reason":"NotFound","details":{"name":"default/web-1","group":"metrics.k8s.io","kind":"podmetrics"},"code":404})"},
        {"GET", "/pods/x", 404, no_path},
        {"GET", "/namespaces/d/nodes", 404, no_path},
        {"GET", "/namespaces/d", 404, no_path},
        {"GET", "/watch/nodes", 404, no_path},
        {"GET", "/Nodes", 404, no_path},
        {"GET", "/nodes/n1/status", 404, no_path},
        {"GET", "//nodes", 404, no_path},
        {"POST", "/bogus", 404, no_path},
        {"POST", "/nodes", 405, no_method},
        {"PUT", "/nodes/n1", 405, no_method},
        {"PATCH", "/nodes/n1", 405, no_method},
        {"DELETE", "/nodes/n1", 405, no_method},
        {"HEAD", "/nodes", 405, no_method},
        {"OPTIONS", "/pods", 405, no_method},
        {"POST", "", 405, no_method},
        {"GET", "/nodes?watch=true", 405,
         R"("message":"watch is not supported on resources of kind \"nodes.metrics.k8s.io\"","reason":"MethodNotAllowed","details":{"group":"metrics.k8s.io","kind":"nodes"},"code":405})"},
        {"GET", "/nodes?timeout=abc", 400,
         R"("message":"invalid timeout specified in the request URL - time: invalid duration \"abc\"","reason":"BadRequest","code":400})"},
        {"GET", "/nodes?timeout=5", 400,
         R"("message":"invalid timeout specified in the request URL - time: missing unit in duration \"5\"","reason":"BadRequest","code":400})"},
        {"GET", "/nodes?labelSelector=a%3D%3D%3Db", 400,
         R"("message":"unable to parse requirement: found '=', expected: identifier","reason":"BadRequest","code":400})"},
        {"GET", "/pods?fieldSelector=spec.nodeName%3Dn1", 400,
         R"("message":"\"spec.nodeName\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"","reason":"BadRequest","code":400})"},
        {"GET", "/nodes/n1?export=true", 400,
         R"("message":"the export parameter, deprecated since v1.14, is no longer supported","reason":"BadRequest","code":400})"},
        {"GET", "/nodes?resourceVersionMatch=Exact", 422,
         R"("message":"ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided","reason":"Invalid","details":{"group":"meta.k8s.io","kind":"ListOptions","causes":[{"reason":"FieldValueForbidden","message":"Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided","field":"resourceVersionMatch"}]},"code":422})"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.method, c.target);
        const net::Response response = cluster.ask(test::request(kMetrics + c.target, {}, c.method));
        CHECK(response.status == c.status);
        CHECK(response.body == kStart + c.expected + "\n");
        CHECK(header(response, "Content-Type") == "application/json");
        CHECK_FALSE(response.headers.contains("Allow"));
        CHECK_FALSE(response.headers.contains("X-Content-Type-Options"));
    }
}

TEST_CASE("parameters that do not matter do not") {
    Cluster cluster;
    cluster.fill();
    for (const char* query : {"?timeout=32s", "?timeout=0s", "?timeout=-1h", "?timeout=", "?watch=true",
                              "?fieldSelector=x", "?export=false"}) {
        CAPTURE(query);
        CHECK(cluster.get(kMetrics + "/nodes/n1" + query).status == 200);
    }
    CHECK(cluster.get(kMetrics + "/nodes?timeout=5&watch=1").status == 405);
}

TEST_CASE("what cannot be accepted is told as indented JSON") {
    Cluster cluster;
    cluster.fill();
    const std::string types = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
    const std::string streams =
        ", application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";
    const auto a = [](const std::string& available) {
        return "{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {},\n  \"status\": "
               "\"Failure\",\n  \"message\": \"406: Not Acceptable\\n\\nAvailable representations: " +
               available + "\",\n  \"reason\": \"NotAcceptable\",\n  \"details\": {},\n  \"code\": 406\n}";
    };
    const std::string b =
        "{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {},\n  \"status\": "
        "\"Failure\",\n"
        "  \"message\": \"only the following media types are accepted: " +
        types + "\",\n  \"reason\": \"NotAcceptable\",\n  \"code\": 406\n}";
    const std::string table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    struct Case {
        std::string target;
        std::string accept;
        std::string expected;
    };
    const Case cases[] = {
        {kMetrics + "/nodes", "text/html", a(types + streams)},
        {kMetrics + "/nodes/n1", "text/html", a(types)},
        {kMetrics, "text/html", a(types)},
        {"/apis", "text/html", a(types)},
        {"/apis/metrics.k8s.io", "text/html", a(types)},
        {"/version", "text/html", a("application/json")},
        {kMetrics + "/nodes", "application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io", b},
        {kMetrics + "/nodes", "application/json;as=Bogus", b},
        {kMetrics + "/nodes/n1", "application/yaml;stream=watch", b},
        {kMetrics, table, b},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target, c.accept);
        const net::Response response = cluster.get(c.target, {{"Accept", c.accept}});
        CHECK(response.status == 406);
        CHECK(response.body == c.expected);
        CHECK(header(response, "Content-Type") == "application/json");
    }
    // The first stage takes no such wildcard, the one that writes the failure does.
    const std::string compact = cluster.body(kMetrics + "/nodes", {{"Accept", "application/*"}});
    CHECK(compact == kStart + R"("message":"406: Not Acceptable\n\nAvailable representations: )" + types +
                         streams + R"(","reason":"NotAcceptable","details":{},"code":406})" + "\n");
    // Other failures, too, are told in JSON to those who accept nothing plain.
    CHECK(cluster.get(kMetrics + "/bogus", {{"Accept", table}}).body.starts_with("{\n"));
}

TEST_CASE("a failure is told in protobuf to those who ask for it") {
    Cluster cluster;
    const net::Response response =
        cluster.get(kMetrics + "/nodes/nope", {{"Accept", kProtobuf.second + ", */*"}});
    CHECK(response.status == 404);
    CHECK(header(response, "Content-Type") == "application/vnd.kubernetes.protobuf");
    CHECK(response.body == apiserver::to_protobuf(apiserver::unknown_object("node", "nope")));
}
