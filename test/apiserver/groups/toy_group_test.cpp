// SPDX-License-Identifier: Apache-2.0
// A second API group, by the real router: what one has to write for it is here.
#include "apiserver/answer.hpp"
#include "apiserver/api.hpp"
#include "apiserver/groups/group.hpp"
#include "apiserver/openapi/paths.hpp"
#include "apiserver/openapi/schema_builder.hpp"
#include "telemetry/metrics_text.hpp"
#include "test/apiserver/fixture.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using nlohmann::json;
using test::Cluster;

namespace {

constexpr std::array<std::string_view, 2> kVersions{"v2", "v1"};
constexpr std::array<apiserver::Resource, 1> kResources{{{"toys", "Toy", "ToyList", true}}};

// Toys of namespaces; each has a name, and is there.
class ToyGroup final : public apiserver::Group {
  public:
    apiserver::GroupInfo info() const override { return {"toys.example.org", kVersions, kResources}; }

    net::Task<std::optional<net::Response>> respond(apiserver::GroupCall call) override {
        const auto& parts = call.path.parts;
        if (call.path.name_space == nullptr || parts.size() != 2 || parts[0] != "toys")
            co_return std::nullopt;
        const json toy = {{"version", call.version},
                          {"namespace", *call.path.name_space},
                          {"name", parts[1]},
                          {"colour", call.query.get("colour")}};
        co_return apiserver::answer_json(200, toy.dump(), false);
    }

    void describe(apiserver::OpenApiVersion openapi, std::string_view version, apiserver::Json& paths,
                  apiserver::Json& schemas) const override {
        const std::string schema = "org.example.toys." + std::string{version} + ".Toy";
        apiserver::add_resource_path(
            openapi, info(), version,
            {"namespaces/{namespace}/toys/{name}", "Toy", false, true, "NamespacedToy", schema}, paths);
        const apiserver::SchemaBuilder b{openapi};
        schemas[schema] = b.object("A toy.", {{"name", b.text("What it is called.")}});
    }
};

const std::string kToys = "/apis/toys.example.org";

struct ToyShop : Cluster {
    ToyShop() {
        fill();
        options.groups.push_back(std::make_shared<ToyGroup>());
    }
    json document(const std::string& target, std::vector<test::Header> headers = {}) {
        return json::parse(body(target, std::move(headers)));
    }
};

}  // namespace

TEST_CASE("a second group is asked for what is below its versions") {
    ToyShop shop;
    CHECK(shop.body(kToys + "/v1/namespaces/a/toys/bear?colour=red") ==
          R"({"colour":"red","name":"bear","namespace":"a","version":"v1"})"
          "\n");
    CHECK(shop.document(kToys + "/v2/namespaces/a/toys/bear")["version"] == "v2");
    for (const std::string path : {"/v3/namespaces/a/toys/bear", "/v1/toys/bear", "/v1/namespaces//toys/bear",
                                   "/v1/namespaces/a/toys/", "/v1/watch/namespaces/a/toys/bear"}) {
        CAPTURE(path);
        const net::Response response = shop.get(kToys + path);
        CHECK(response.status == 404);
        CHECK(json::parse(response.body)["kind"] == "Status");
    }
}

TEST_CASE("whoever asks a second group for something needs the right to exactly that") {
    ToyShop shop;
    shop.get(kToys + "/v1/namespaces/a/toys/bear");
    REQUIRE(shop.authorizer.asked.size() == 1);
    const apiserver::RequestInfo& asked = shop.authorizer.asked[0];
    CHECK(asked.verb == "get");
    CHECK(asked.group == "toys.example.org");
    CHECK(asked.version == "v1");
    CHECK(asked.name_space == "a");
    CHECK(asked.resource == "toys");
    CHECK(asked.name == "bear");
}

TEST_CASE("a second group is in the index and in discovery") {
    ToyShop shop;
    const json paths = shop.document("/")["paths"];
    for (const std::string& path : {kToys, kToys + "/v1", kToys + "/v2"})
        CHECK(std::count(paths.begin(), paths.end(), path) == 1);

    const json groups = shop.document("/apis")["groups"];
    REQUIRE(groups.size() == 2);
    CHECK(groups[0]["name"] == "metrics.k8s.io");
    CHECK(groups[1]["name"] == "toys.example.org");
    CHECK(groups[1]["preferredVersion"]["groupVersion"] == "toys.example.org/v2");

    CHECK(shop.document(kToys)["versions"].size() == 2);
    const json resources = shop.document(kToys + "/v1")["resources"];
    REQUIRE(resources.size() == 1);
    CHECK(resources[0]["name"] == "toys");
    CHECK(resources[0]["namespaced"] == true);

    const json all = shop.document(
        "/apis", {{"Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"}});
    REQUIRE(all["items"].size() == 2);
    CHECK(all["items"][1]["metadata"]["name"] == "toys.example.org");
    CHECK(all["items"][1]["versions"][0]["resources"][0]["responseKind"]["kind"] == "Toy");
}

TEST_CASE("a second group is described by OpenAPI") {
    ToyShop shop;
    const std::string path = kToys + "/v2/namespaces/{namespace}/toys/{name}";
    const json v2 = shop.document("/openapi/v2");
    CHECK(v2["paths"][path]["get"]["operationId"] == "readToysV2NamespacedToy");
    CHECK(v2["definitions"].contains("org.example.toys.v2.Toy"));
    const json v3 = shop.document("/openapi/v3/apis/toys.example.org/v2");
    CHECK(v3["paths"][path]["get"]["x-kubernetes-group-version-kind"]["kind"] == "Toy");
    CHECK(v3["components"]["schemas"].contains("org.example.toys.v2.Toy"));
    CHECK(shop.document("/openapi/v3")["paths"].contains("apis/toys.example.org"));
}

TEST_CASE("requests of a second group are counted under its labels") {
    ToyShop shop;
    apiserver::Api api{shop.options, shop.store, shop.authenticator, shop.authorizer};
    for (const std::string& target :
         {kToys + "/v1/namespaces/a/toys/bear", kToys + "/v1/namespaces/a/dolls/x"})
        test::respond(api, test::request(target));
    std::string out;
    telemetry::MetricsText text{out};
    api.write_metrics(text);
    const std::string counted =
        R"(apiserver_request_total{code="200",component="apiserver",dry_run="",group="toys.example.org",)"
        R"(resource="toys",scope="resource",subresource="",verb="GET",version="v1"} 1)";
    CHECK(out.find(counted) != std::string::npos);
    CHECK(out.find("dolls") == std::string::npos);
}
