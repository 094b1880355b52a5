// SPDX-License-Identifier: Apache-2.0
#include "apiserver/etag.hpp"
#include "apiserver/openapi/endpoint.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using apiserver::OpenApiEndpoint;
using nlohmann::json;

namespace {

net::Response ask(const std::string& target,
                  const std::vector<std::pair<std::string, std::string>>& fields = {}) {
    static const OpenApiEndpoint endpoint;
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

}  // namespace

TEST_CASE("The v2 document holds both versions") {
    const net::Response response = ask("/openapi/v2", {{"Accept", "application/json"}});
    CHECK(response.status == 200);
    CHECK(response.headers.find("Etag") == apiserver::make_etag(response.body));
    const json document = json::parse(response.body);
    check_refs(document, document);
    CHECK(document["swagger"] == "2.0");
    CHECK(document["info"]["title"] == "Kubernetes metrics-server");
    for (const std::string version : {"v1", "v1beta1"}) {
        const std::string prefix = "io.k8s.metrics.pkg.apis.metrics." + version + ".";
        CHECK(document["definitions"][prefix + "PodMetrics"]["required"] ==
              json{"timestamp", "window", "containers"});
        CHECK(document["definitions"][prefix + "NodeMetrics"]["x-kubernetes-group-version-kind"] ==
              json::array({{{"group", "metrics.k8s.io"}, {"kind", "NodeMetrics"}, {"version", version}}}));
        const std::string root = "/apis/metrics.k8s.io/" + version;
        for (const std::string path : {"/nodes", "/nodes/{name}", "/pods", "/namespaces/{namespace}/pods",
                                       "/namespaces/{namespace}/pods/{name}"})
            CHECK(document["paths"].contains(root + path));
        const std::string capital = version == "v1" ? "V1" : "V1beta1";
        CHECK(document["paths"][root + "/namespaces/{namespace}/pods/{name}"]["get"]["operationId"] ==
              "readMetrics" + capital + "NamespacedPodMetrics");
    }
    CHECK(document["definitions"]["io.k8s.apimachinery.pkg.api.resource.Quantity"]["type"] == "string");
}

TEST_CASE("The v3 index leads to its documents") {
    const json index = json::parse(ask("/openapi/v3").body);
    CHECK(index["paths"].size() == 2);
    for (const std::string key : {"apis/metrics.k8s.io/v1", "apis/metrics.k8s.io/v1beta1"}) {
        const std::string path = index["paths"][key]["serverRelativeURL"];
        CHECK(path.substr(0, path.find('?')) == "/openapi/v3/" + key);
        const net::Response response = ask(path);
        CHECK(response.status == 200);
        CHECK(response.headers.find("Cache-Control") == "public, immutable");
        const json document = json::parse(response.body);
        check_refs(document, document);
        CHECK(document["openapi"] == "3.0.0");
        CHECK(document["components"]["schemas"].contains("io.k8s.apimachinery.pkg.api.resource.Quantity"));

        const net::Response moved = ask("/openapi/v3/" + key + "?hash=OLD");
        CHECK(moved.status == 301);
        CHECK(moved.headers.find("Location") == path);
        const net::Response plain = ask("/openapi/v3/" + key);
        CHECK(plain.body == response.body);
        CHECK(!plain.headers.contains("Cache-Control"));
    }
    CHECK(ask("/openapi/v3/apis/apps/v1").status == 404);
}

TEST_CASE("A client that has the document gets 304 and one that takes no JSON 406") {
    for (const char* path : {"/openapi/v2", "/openapi/v3"}) {
        const std::string etag{ask(path).headers.find("Etag").value()};
        const net::Response same = ask(path, {{"If-None-Match", etag}});
        CHECK(same.status == 304);
        CHECK(same.body.empty());
        CHECK(ask(path, {{"If-None-Match", "\"other\""}}).status == 200);
        CHECK(ask(path, {{"Accept", "text/html"}}).status == 406);
    }
    CHECK(!OpenApiEndpoint{}.respond("/openapi", net::Request{}, apiserver::Query{}));
}
