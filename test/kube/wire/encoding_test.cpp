// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/encoding.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace kube;

TEST_CASE("An answer's encoding is its type without parameters in any case") {
    const auto type =
        GENERATE(as<std::string>{}, "application/vnd.kubernetes.protobuf",
                 "application/vnd.kubernetes.protobuf;stream=watch",
                 "application/vnd.kubernetes.protobuf; charset=utf-8", "Application/VND.Kubernetes.Protobuf",
                 " application/vnd.kubernetes.protobuf\t");
    CHECK(encoding_of(type) == Encoding::protobuf);
    const auto json = GENERATE(as<std::string>{}, "application/json", "application/json;stream=watch",
                               "application/json; charset=utf-8", "APPLICATION/JSON ;charset=UTF-8",
                               "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
    CHECK(encoding_of(json) == Encoding::json);
    const auto other = GENERATE(as<std::string>{}, "", ";", "application/vnd.kubernetes.protobuffer",
                                "application/jsonp", "application/json-seq", "text/html", "text/json",
                                "application/yaml", "json", "text/plain;application/json");
    CHECK_FALSE(encoding_of(other));
}
