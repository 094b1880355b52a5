// SPDX-License-Identifier: Apache-2.0
#include "apiserver/representation/negotiate.hpp"

#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using test::Header;

namespace {

const std::string kJson = "application/json";
const std::string kProto = "application/vnd.kubernetes.protobuf";
const std::string kYaml = "application/yaml";
const std::string kDiscovery = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

std::string describe(const apiserver::Representation& form) {
    const char* const types[] = {"json", "yaml", "protobuf"};
    const char* const shapes[] = {"", "+Table", "+Partial", "+PartialList"};
    std::string out = types[static_cast<int>(form.type)];
    out += shapes[static_cast<int>(form.shape)];
    if (!form.meta_version.empty()) out.append("@").append(form.meta_version);
    return form.pretty ? out + "+pretty" : out;
}

// The form, "A" (no type of ours) or "B" (no acceptable clause).
std::string chosen(std::string_view accept, std::vector<Header> more = {}, std::string_view query = "",
                   apiserver::Allows allows = apiserver::as_it_is) {
    net::Request request = test::request("/", std::move(more));
    if (accept != "<none>") request.headers.add("Accept", accept);
    if (!apiserver::is_producible(request.headers.find("Accept").value_or(""))) return "A";
    const auto form = apiserver::negotiate(request, apiserver::Query{query}, allows);
    if (!form) return "B";
    return describe(*form);
}

}  // namespace

TEST_CASE("the accepted clause decides the form") {
    const std::pair<std::string, std::string> cases[] = {
        {kJson + ", */*", "json"},
        {kJson + ";q=0.5," + kProto, "protobuf"},
        {kJson + ";q=0.5," + kProto + ";q=0.4", "json"},
        {"*/*;q=1," + kProto + ";q=0.1", "protobuf"},
        {"text/html," + kProto, "protobuf"},
        {kJson + ";pretty=0", "json"},
        {kJson + ";as=Table;v=v1;g=meta.k8s.io," + kJson + ";as=Table;v=v1beta1;g=meta.k8s.io," + kJson,
         "json"},
        {kDiscovery + "," + kJson, "json"},
        {"application/*," + kJson, "json"},
        {"application/*," + kProto, "protobuf"},
        {"*;q=0.1," + kProto, "protobuf"},
        {kYaml + "," + kJson, "yaml"},
        {kYaml + ";q=0.5," + kJson, "json"},
        {kYaml + ";stream=watch," + kProto, "protobuf"},
        {kYaml + ";charset=utf-8", "yaml"},
        {"application/json/," + kProto, "json"},
    };
    for (const auto& [accept, expected] : cases) {
        CAPTURE(accept);
        CHECK(chosen(accept) == expected);
    }
}

TEST_CASE("what cannot be given is not acceptable in one of two ways") {
    for (const char* accept :
         {"text/html", "garbage", "APPLICATION/JSON", "application/cbor", "application/*", "application/YAML",
          "text/yaml", "*", "application/json/x", ";", ","})
        CHECK(chosen(accept) == "A");
    for (const std::string& accept :
         {kJson + ";as=Table;v=v1;g=meta.k8s.io", kProto + ";as=Table", kJson + ";as=Bogus", kJson + ";g=x",
          kJson + ";sv=v1", kJson + ";stream=bogus", kYaml + ";stream=watch", kDiscovery,
          std::string{"*/*;as=Bogus"}})
        CHECK(chosen(accept) == "B");
}

TEST_CASE("clauses can ask for views of meta.k8s.io") {
    const std::string table = ";as=Table;v=v1;g=meta.k8s.io";
    const std::string old_table = ";as=Table;v=v1beta1;g=meta.k8s.io";
    const std::string partial = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    const std::string partials = ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1beta1";
    const std::string v1 = "@meta.k8s.io/v1";
    const std::string v1beta1 = "@meta.k8s.io/v1beta1";
    const std::pair<std::string, std::string> cases[] = {
        {kJson + table + "," + kJson + old_table + "," + kJson, "json+Table" + v1},
        {kJson + old_table + "," + kJson, "json+Table" + v1beta1},
        {kProto + table + "," + kProto, "protobuf"},
        {kProto + partial, "protobuf+Partial" + v1},
        {kYaml + partials, "yaml+PartialList" + v1beta1},
        {kProto + partials + "," + kJson + partials + "," + kJson, "protobuf+PartialList" + v1beta1},
        {"application/*" + partial, "A"},
        {"application/*" + partial + "," + kYaml, "yaml"},
        {kJson + table + ";pretty=1", "json+Table" + v1 + "+pretty"},
        {kJson + ";as=Table;v=v2;g=meta.k8s.io", "B"},
        {kJson + ";as=Table;v=v1;g=metrics.k8s.io", "B"},
        {kJson + ";as=Table", "B"},
        {kJson + ";as=table;v=v1;g=meta.k8s.io", "B"},
        {kJson + ";v=v1;g=meta.k8s.io", "B"},
    };
    for (const auto& [accept, expected] : cases) {
        CAPTURE(accept);
        CHECK(chosen(accept, {}, "", apiserver::as_shape) == expected);
    }
}

TEST_CASE("aggregated discovery is taken wherever it stands in the header") {
    const auto with = [](const std::string& accept) {
        return chosen(accept, {}, "", apiserver::as_aggregated_discovery);
    };
    CHECK(with(kDiscovery) == "json");
    CHECK(with(kJson + "," + kDiscovery) == "json");
    CHECK(with("application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," +
               kJson) == "protobuf");
    CHECK(with(kDiscovery + ";profile=nopeer") == "json");
    CHECK(with(kJson) == "B");
    CHECK(with("<none>") == "B");
    CHECK(with("application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList") == "B");
}

TEST_CASE("a header with very many clauses is read up to a limit") {
    std::string accept;
    for (int i = 0; i < 100; ++i) accept += "a/b;q=0.9,";
    CHECK(chosen(accept + kJson) == "B");
    CHECK(chosen(kJson + "," + accept) == "json");
}
