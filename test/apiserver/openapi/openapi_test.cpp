// SPDX-License-Identifier: Apache-2.0
#include "apiserver/etag.hpp"
#include "apiserver/openapi/endpoint.hpp"
#include "apiserver/openapi/gnostic/gnostic.hpp"
#include "test/apiserver/groups.hpp"
#include "test/gzip/inflated.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using apiserver::OpenApiEndpoint;
using apiserver::OpenApiVersion;
using nlohmann::json;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const std::string kProtobufV2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const std::string kProtobufV3 = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";

net::Response ask(const std::string& target, const Fields& fields = {}) {
    static const OpenApiEndpoint endpoint{test::described_groups()};
    net::Request request;
    request.target = target;
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    const auto parsed = apiserver::parse_target(target);
    auto response = endpoint.respond(parsed->path, request, parsed->query);
    REQUIRE(response);
    return std::move(*response);
}

// Every $ref of the document leads to something in it.
void check_refs(const json& at, const json& document) {
    if (at.is_object() && at.contains("$ref")) {
        const std::string ref = at["$ref"];
        REQUIRE(ref.substr(0, 1) == "#");
        INFO(ref);
        CHECK(document.contains(json::json_pointer{ref.substr(1)}));
    }
    if (at.is_structured())
        for (const json& child : at) check_refs(child, document);
}

std::vector<std::string> keys(const json& object) {
    std::vector<std::string> out;
    for (const auto& [key, value] : object.items()) out.push_back(key);
    return out;
}

}  // namespace

TEST_CASE("the v2 document holds all that is served") {
    const net::Response response = ask("/openapi/v2", {{"Accept", "application/json"}});
    CHECK(response.status == 200);
    CHECK(response.headers.find("Etag") == apiserver::make_etag(response.body));
    const json document = json::parse(response.body);
    check_refs(document, document);
    CHECK(document["swagger"] == "2.0");
    CHECK(document["info"]["title"] == "Kubernetes metrics-server");
    const std::string beta = "/apis/metrics.k8s.io/v1beta1/";
    const std::string stable = "/apis/metrics.k8s.io/v1/";
    CHECK(keys(document["paths"]) ==
          std::vector<std::string>{
              "/apis/", "/apis/metrics.k8s.io/", stable, stable + "namespaces/{namespace}/pods",
              stable + "namespaces/{namespace}/pods/{name}", stable + "nodes", stable + "nodes/{name}",
              stable + "pods", beta, beta + "namespaces/{namespace}/pods",
              beta + "namespaces/{namespace}/pods/{name}", beta + "nodes", beta + "nodes/{name}",
              beta + "pods", "/version/"});
    CHECK(document["paths"][beta + "nodes"]["get"]["operationId"] == "listMetricsV1beta1NodeMetrics");
    const json& read = document["paths"][stable + "namespaces/{namespace}/pods/{name}"]["get"];
    CHECK(read["operationId"] == "readMetricsV1NamespacedPodMetrics");
    CHECK(read["x-kubernetes-action"] == "get");
    CHECK(read["x-kubernetes-group-version-kind"].dump() ==
          R"({"group":"metrics.k8s.io","kind":"PodMetrics","version":"v1"})");
    CHECK(document["definitions"]["io.k8s.apimachinery.pkg.api.resource.Quantity"]["type"] == "string");
}

TEST_CASE("the schemas require what every object has and name their kinds") {
    const json document = json::parse(ask("/openapi/v2").body);
    struct Case {
        const char* type;
        const char* required;
    };
    const Case cases[] = {
        {"PodMetrics", R"(["timestamp","window","containers"])"},
        {"NodeMetrics", R"(["timestamp","window","usage"])"},
        {"PodMetricsList", R"(["items"])"},
        {"NodeMetricsList", R"(["items"])"},
    };
    for (const std::string version : {"v1", "v1beta1"}) {
        for (const Case& c : cases) {
            const json& schema =
                document["definitions"]["io.k8s.metrics.pkg.apis.metrics." + version + "." + c.type];
            CAPTURE(version, c.type);
            CHECK(schema["required"].dump() == c.required);
            CHECK(schema["x-kubernetes-group-version-kind"].dump() ==
                  R"([{"group":"metrics.k8s.io","kind":")" + std::string{c.type} + R"(","version":")" +
                      version + R"("}])");
        }
    }
}

TEST_CASE("a schema of version 3 wraps what it refers to") {
    const json document = json::parse(ask("/openapi/v3/apis/metrics.k8s.io/v1beta1").body);
    const json& schemas = document["components"]["schemas"];
    const json& node = schemas["io.k8s.metrics.pkg.apis.metrics.v1beta1.NodeMetrics"]["properties"];
    CHECK(node["metadata"].dump() ==
          R"({"allOf":[{"$ref":"#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}],)"
          R"("default":{},"description":"Standard object's metadata."})");
    CHECK(schemas["io.k8s.apimachinery.pkg.api.resource.Quantity"]["oneOf"].dump() ==
          R"([{"type":"string"},{"type":"number"}])");
    CHECK(
        keys(document["paths"]["/apis/metrics.k8s.io/v1beta1/pods"]["get"]["responses"]["200"]["content"]) ==
        std::vector<std::string>{"application/json", "application/json;stream=watch",
                                 "application/vnd.kubernetes.protobuf",
                                 "application/vnd.kubernetes.protobuf;stream=watch", "application/yaml"});
}

TEST_CASE("the v3 index leads to its documents") {
    const net::Response answer = ask("/openapi/v3");
    CHECK(answer.headers.find("Content-Type") == "application/json");
    CHECK(answer.headers.find("Etag") == apiserver::make_etag(answer.body));
    const json index = json::parse(answer.body);
    const std::vector<std::string> expected{"apis", "apis/metrics.k8s.io", "apis/metrics.k8s.io/v1",
                                            "apis/metrics.k8s.io/v1beta1", "version"};
    CHECK(keys(index["paths"]) == expected);
    for (const std::string& key : expected) {
        const std::string path = index["paths"][key]["serverRelativeURL"];
        CHECK(path.substr(0, path.find('?')) == "/openapi/v3/" + key);
        const net::Response response = ask(path + "&timeout=32s");
        CHECK(response.status == 200);
        CHECK(path ==
              "/openapi/v3/" + key + "?hash=" + std::string{*response.headers.find("Etag")}.substr(1, 128));
        CHECK(response.headers.find("Cache-Control") == "public, immutable");
        CHECK(response.headers.find("Expires")->ends_with(" GMT"));
        CHECK(response.headers.find("Vary") == "Accept");
        const json document = json::parse(response.body);
        check_refs(document, document);
        CHECK(document["openapi"] == "3.0.0");

        const net::Response moved = ask("/openapi/v3/" + key + "?hash=OLD");
        CHECK(moved.status == 301);
        CHECK(moved.headers.find("Location") == path);
        const net::Response plain = ask("/openapi/v3/" + key);
        CHECK(plain.body == response.body);
        CHECK(!plain.headers.contains("Cache-Control"));
        CHECK(!plain.headers.contains("Expires"));
    }
    CHECK(ask("/openapi/v3/apis/apps/v1").status == 404);
    CHECK(ask("/openapi/v3/apis/apps/v1").body.empty());
}

TEST_CASE("the form of an OpenAPI document follows Accept") {
    struct Case {
        const char* path;
        std::string accept;
        // Empty: 406.
        std::string expected;
    };
    const std::string group = "/openapi/v3/apis/metrics.k8s.io/v1";
    const std::string old_v2 = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    const std::string old_v3 = "application/com.github.proto-openapi.spec.v3@v1.0+protobuf";
    const Case cases[] = {
        {"/openapi/v2", "", "application/json"},
        {"/openapi/v2", "*/*", "application/json"},
        {"/openapi/v2", "application/*", "application/json"},
        {"/openapi/v2", kProtobufV2, kProtobufV2},
        {"/openapi/v2", old_v2, kProtobufV2},
        {"/openapi/v2", "application/json;q=0.5," + old_v2, kProtobufV2},
        {"/openapi/v2", "text/html, application/json", "application/json"},
        {"/openapi/v2", kProtobufV3, ""},
        {"/openapi/v2", "text/html", ""},
        {"/openapi/v2", "application/jsonp", ""},
        {group.c_str(), "", "application/json"},
        {group.c_str(), "application/json", "application/json"},
        {group.c_str(), kProtobufV3, kProtobufV3},
        {group.c_str(), old_v3, kProtobufV3},
        {group.c_str(), kProtobufV2, ""},
        {group.c_str(), "application/yaml", ""},
        {"/openapi/v3/apis/metrics.k8s.io/v1?hash=OLD", "text/html", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.path, c.accept);
        const net::Response response = ask(c.path, {{"Accept", c.accept}});
        CHECK(response.status == (c.expected.empty() ? 406 : 200));
        CHECK(response.headers.find("Content-Type").value_or("") == c.expected);
        CHECK(response.body.empty() == c.expected.empty());
        CHECK(response.headers.all("Vary").back() == "Accept");
    }
    CHECK(ask("/openapi/v3", {{"Accept", "text/html"}}).status == 200);
}

TEST_CASE("the protobuf forms hold what the JSON holds") {
    const net::Response v2 = ask("/openapi/v2", {{"Accept", kProtobufV2}});
    CHECK(v2.body == apiserver::to_gnostic(OpenApiVersion::v2, json::parse(ask("/openapi/v2").body)));
    CHECK(v2.headers.find("Etag") == apiserver::make_etag(v2.body));
    for (const std::string key : {"apis", "apis/metrics.k8s.io", "apis/metrics.k8s.io/v1beta1", "version"}) {
        const net::Response text = ask("/openapi/v3/" + key);
        const net::Response bytes = ask("/openapi/v3/" + key, {{"Accept", kProtobufV3}});
        CHECK(bytes.body == apiserver::to_gnostic(OpenApiVersion::v3, json::parse(text.body)));
        // The index has one hash for both.
        CHECK(bytes.headers.find("Etag") == text.headers.find("Etag"));
    }
}

TEST_CASE("a client that has the document gets 304") {
    for (const char* path : {"/openapi/v2", "/openapi/v3", "/openapi/v3/version"}) {
        CAPTURE(path);
        const net::Response first = ask(path);
        const std::string etag{first.headers.find("Etag").value()};
        const std::string date{first.headers.find("Last-Modified").value()};
        CHECK(date.ends_with(" GMT"));
        for (const Fields& fields :
             {Fields{{"If-None-Match", etag}}, Fields{{"If-None-Match", "\"x\", " + etag}},
              Fields{{"If-None-Match", "*"}}, Fields{{"If-Modified-Since", date}}}) {
            const net::Response same = ask(path, fields);
            CHECK(same.status == 304);
            CHECK(same.body.empty());
            CHECK(same.headers.find("Etag") == etag);
            CHECK(!same.headers.contains("Content-Type"));
        }
        CHECK(ask(path, {{"If-None-Match", "\"other\""}}).status == 200);
        CHECK(ask(path, {{"If-None-Match", "\"other\""}, {"If-Modified-Since", date}}).status == 200);
    }
    const OpenApiEndpoint endpoint{test::described_groups()};
    CHECK(!endpoint.respond("/openapi", net::Request{}, apiserver::Query{}));
    CHECK(!endpoint.respond("/openapi/v2/", net::Request{}, apiserver::Query{}));
}

TEST_CASE("the v2 document is compressed for those who ask for it") {
    const net::Response plain = ask("/openapi/v2");
    const net::Response packed = ask("/openapi/v2", {{"Accept-Encoding", "gzip"}});
    CHECK(packed.headers.find("Content-Encoding") == "gzip");
    CHECK(packed.headers.find("Etag") == plain.headers.find("Etag"));
    CHECK(packed.headers.all("Vary") == std::vector<std::string_view>{"Accept-Encoding", "Accept"});
    CHECK(packed.body.size() < plain.body.size() / 5);
    CHECK(test::inflated(packed.body) == plain.body);
    CHECK(!plain.headers.contains("Content-Encoding"));
    CHECK(!ask("/openapi/v3/version", {{"Accept-Encoding", "gzip"}}).headers.contains("Content-Encoding"));
}
