// SPDX-License-Identifier: Apache-2.0
// Expected bytes are worked out by hand from the .proto files of github.com/google/gnostic-models.
#include "apiserver/openapi/gnostic/gnostic.hpp"

#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>

using apiserver::Json;
using apiserver::OpenApiVersion;
using apiserver::to_gnostic;
using kube::test::golden;

TEST_CASE("an OpenAPI 2 document becomes the messages of gnostic") {
    const Json document = Json::parse(R"({
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {
            "get": {"operationId": "o", "x-k": "list",
                    "responses": {"200": {"description": "OK", "schema": {"$ref": "#/d"}}}},
            "parameters": [{"in": "query", "name": "q", "type": "string", "uniqueItems": true},
                           {"in": "path", "name": "p", "type": "string", "required": true}]}},
        "definitions": {"D": {"type": "object", "required": ["x"], "x-g": [{"a": "b"}],
                              "additionalProperties": {"type": "string"}}}})");
    CHECK(to_gnostic(OpenApiVersion::v2, document) ==
          golden("0a03'2.0' 1206{0a01't' 1201'1'}"
                 "426f{126d{0a02'/a' 1267{"
                 "  122d{2a01'o' 4a18{0a16{0a03'200' 120f{0a0d{0a02'OK' 1207{0a05{0a03'#/d'}}}}}}"
                 "       6a0e{0a03'x-k' 1207{1205'list' 0a}}}"
                 "  4a1b{0a19{1217{1a15{1205'query' 2201'q' 3206'string' a00101}}}}"
                 "  4a19{0a17{1215{2213{0801 1204'path' 2201'p' 2a06'string'}}}}}}}"
                 "4a39{0a37{0a01'D' 1232{9a0101'x' aa010d{0a0b{b20108{0a06'string'}}} b20108{0a06'object'}"
                 "  fa0110{0a03'x-g' 1209{1207'- a: b' 0a}}}}}"));
}

TEST_CASE("an OpenAPI 3 document becomes the messages of gnostic") {
    const Json document = Json::parse(R"({
        "openapi": "3.0.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {
            "get": {"responses": {"200": {"description": "OK", "content": {"j": {"schema": {"$ref": "#/d"}}}},
                                  "default": {"description": "F"}}},
            "parameters": [{"in": "query", "name": "q", "schema": {"type": "string"}}]}},
        "components": {"schemas": {"D": {"type": "object", "allOf": [{"$ref": "#/d"}], "default": {},
                                         "properties": {"n": {"type": "string", "default": ""}}}}}})");
    CHECK(to_gnostic(OpenApiVersion::v3, document) ==
          golden("0a05'3.0.0' 1206{0a01't' 3201'1'}"
                 "224f{0a4d{0a02'/a' 1247{"
                 "  222a{4228{0a05{0a03{0a01'F'}}"
                 "    121f{0a03'200' 1218{0a16{0a02'OK' 1a10{0a0e{0a01'j' 1209{0a07{1205{0a03'#/d'}}}}}}}}}}"
                 "  6a19{0a17{0a01'q' 1205'query' 520b{0a09{ca0106'string'}}}}}}}"
                 "2a3b{0a39{0a37{0a01'D' 1232{0a30{ca0106'object' d20107{1205{0a03'#/d'}}"
                 "  fa0117{0a15{0a01'n' 1210{0a0e{ca0106'string' 8a0202{1a00}}}}} 8a0200}}}}}"));
}

TEST_CASE("values of every kind have their place in gnostic messages") {
    struct Case {
        const char* schema;
        const char* expected;
    };
    // Each is the only schema of a document of version 3.
    const Case cases[] = {
        {R"({"default": true})", "8a0202{1001}"},
        {R"({"default": 2})", "8a0209{09 0000000000000040}"},
        {R"({"uniqueItems": true, "description": ""})", "a00101"},
        {R"({"uniqueItems": false})", ""},
        {R"({"items": {"$ref": "r"}})", "f20107{0a05{1203{0a01'r'}}}"},
        {R"({"additionalProperties": false})", "820202{1000}"},
        {R"({"additionalProperties": {"$ref": "r"}})", "820207{0a05{1203{0a01'r'}}}"},
        {R"({"oneOf": [{"type": "a"}, {"type": "b"}]})", "da0106{0a04{ca0101'a'}} da0106{0a04{ca0101'b'}}"},
        {R"({"x-e": {}})", "a2020c{0a03'x-e' 1205{1203'{}' 0a}}"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.schema);
        const Json document = {{"components", {{"schemas", {{"D", Json::parse(c.schema)}}}}}};
        const std::string bytes = to_gnostic(OpenApiVersion::v3, document);
        // components{schemas{named{0a01'D' value{schema}}}} around it, all of them short.
        CHECK(bytes.substr(13) == golden(c.expected));
    }
}

TEST_CASE("what OpenAPI does not know is a bug and is told") {
    CHECK_THROWS_AS(to_gnostic(OpenApiVersion::v2, {{"openapi", "3.0.0"}}), std::logic_error);
    CHECK_THROWS_AS(to_gnostic(OpenApiVersion::v3, {{"info", {{"titel", "t"}}}}), std::logic_error);
    const Json header = {{"paths", {{"/a", {{"parameters", Json::array({{{"in", "header"}}})}}}}}};
    CHECK_THROWS_AS(to_gnostic(OpenApiVersion::v2, header), std::logic_error);
}
