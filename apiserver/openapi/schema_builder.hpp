// SPDX-License-Identifier: Apache-2.0
// The parts that schemas are made of, in the words of either version of OpenAPI.
#pragma once

#include "apiserver/groups/openapi_json.hpp"

#include <initializer_list>
#include <string>

#include <nlohmann/json.hpp>

namespace apiserver {

class SchemaBuilder {
  public:
    explicit SchemaBuilder(OpenApiVersion openapi) : openapi_{openapi} {}

    OpenApiVersion openapi() const { return openapi_; }

    Json ref(const std::string& name) const;
    // A field that is of another schema. In v3 what stands beside a $ref counts only around an allOf.
    Json value_field(const std::string& description, const std::string& name) const;
    // The same of an object whose members are all optional, so that {} is its default.
    Json object_field(const std::string& description, const std::string& name) const;
    Json text(const std::string& description) const;
    Json flag(const std::string& description) const;
    // format: "int32" or "int64".
    Json number(const std::string& description, const char* format) const;
    Json text_map(const std::string& description) const;
    // A map to values of another schema.
    Json map_of(const std::string& description, const std::string& name) const;
    Json texts(const std::string& description) const;
    Json list_of(const std::string& description, const std::string& name) const;
    Json object(const std::string& description, Json properties,
                std::initializer_list<const char*> required = {}) const;
    // kind and apiVersion, which each object at the top has.
    void add_type_fields(Json& properties) const;

  private:
    OpenApiVersion openapi_;
};

// Says of which kind the objects of a schema are: clients find a kind's schema by it.
void add_kind(Json& schema, const std::string& group, const std::string& version, const std::string& kind);

}  // namespace apiserver
