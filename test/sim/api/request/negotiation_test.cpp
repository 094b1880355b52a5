// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/request/negotiation.hpp"

#include <catch2/catch.hpp>

namespace sim {

TEST_CASE("The first clause of Accept that can be served counts") {
    struct Case {
        const char* accept;
        bool accepted;
        Encoding encoding;
        Conversion conversion;
    };
    const auto json = Encoding::json;
    const auto protobuf = Encoding::protobuf;
    const auto none = Conversion::none;
    const Case cases[] = {
        {"", true, json, none},
        {"*/*", true, json, none},
        {"application/json, */*", true, json, none},
        {"application/vnd.kubernetes.protobuf, */*", true, protobuf, none},
        {"application/vnd.kubernetes.protobuf,application/json", true, protobuf, none},
        {"application/yaml,application/json", true, json, none},
        {"application/json;as=Table;v=v1;g=meta.k8s.io,application/"
         "json;as=Table;v=v1beta1;g=meta.k8s.io,application/json",
         true, json, none},
        {"application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/"
         "json",
         true, protobuf, Conversion::metadata_list},
        {"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", true, json, Conversion::metadata},
        {"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1beta1", false, json, none},
        {"text/html", false, json, none},
        {"application/json;as=Bogus;g=meta.k8s.io;v=v1", false, json, none},
    };
    for (const Case& c : cases) {
        CAPTURE(c.accept);
        const auto accepted = negotiate(c.accept);
        REQUIRE(accepted.has_value() == c.accepted);
        if (!accepted) continue;
        CHECK(accepted->encoding == c.encoding);
        CHECK(accepted->conversion == c.conversion);
    }
}

TEST_CASE("A server that speaks JSON alone passes over protobuf") {
    const std::string protobuf = "application/vnd.kubernetes.protobuf";
    const std::string as = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    CHECK_FALSE(negotiate(protobuf, Spoken::json));
    const auto accepted = negotiate(protobuf + as + ",application/json" + as, Spoken::json);
    REQUIRE(accepted);
    CHECK(accepted->encoding == Encoding::json);
    CHECK(accepted->conversion == Conversion::metadata);
}

TEST_CASE("Aggregated discovery is given in the version asked for first") {
    const std::string v2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const std::string beta = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
    CHECK(aggregated_discovery(v2 + "," + beta + ",application/json") == "v2");
    CHECK(aggregated_discovery(beta + ",application/json") == "v2beta1");
    CHECK(aggregated_discovery("application/json") == "");
    CHECK(aggregated_discovery("application/json," + v2) == "");
    CHECK(aggregated_discovery("") == "");
}

}  // namespace sim
