// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/schema_builder.hpp"

#include <utility>

namespace apiserver {

Json SchemaBuilder::ref(const std::string& name) const {
    if (openapi_ == OpenApiVersion::v2) return {{"$ref", "#/definitions/" + name}};
    return {{"$ref", "#/components/schemas/" + name}};
}

Json SchemaBuilder::object_field(const std::string& description, const std::string& name) const {
    Json field = value_field(description, name);
    if (openapi_ == OpenApiVersion::v3) field["default"] = Json::object();
    return field;
}

Json SchemaBuilder::value_field(const std::string& description, const std::string& name) const {
    Json field = openapi_ == OpenApiVersion::v2 ? ref(name) : Json{{"allOf", Json::array({ref(name)})}};
    field["description"] = description;
    return field;
}

Json SchemaBuilder::text(const std::string& description) const {
    return {{"type", "string"}, {"description", description}};
}

Json SchemaBuilder::flag(const std::string& description) const {
    return {{"type", "boolean"}, {"description", description}};
}

Json SchemaBuilder::number(const std::string& description, const char* format) const {
    return {{"type", "integer"}, {"format", format}, {"description", description}};
}

Json SchemaBuilder::text_map(const std::string& description) const {
    Json value = {{"type", "string"}};
    if (openapi_ == OpenApiVersion::v3) value["default"] = "";
    return {{"type", "object"}, {"additionalProperties", value}, {"description", description}};
}

Json SchemaBuilder::map_of(const std::string& description, const std::string& name) const {
    return {{"type", "object"}, {"additionalProperties", ref(name)}, {"description", description}};
}

Json SchemaBuilder::texts(const std::string& description) const {
    Json item = {{"type", "string"}};
    if (openapi_ == OpenApiVersion::v3) item["default"] = "";
    return {{"type", "array"}, {"items", std::move(item)}, {"description", description}};
}

Json SchemaBuilder::list_of(const std::string& description, const std::string& name) const {
    return {{"type", "array"}, {"items", ref(name)}, {"description", description}};
}

Json SchemaBuilder::object(const std::string& description, Json properties,
                           std::initializer_list<const char*> required) const {
    Json schema = {{"type", "object"}, {"description", description}, {"properties", std::move(properties)}};
    for (const char* name : required) schema["required"].push_back(name);
    return schema;
}

void SchemaBuilder::add_type_fields(Json& properties) const {
    properties["apiVersion"] = text("The version of the schema of this object.");
    properties["kind"] = text("The kind of this object, in CamelCase.");
}

void add_kind(Json& schema, const std::string& group, const std::string& version, const std::string& kind) {
    schema["x-kubernetes-group-version-kind"].push_back(
        {{"group", group}, {"version", version}, {"kind", kind}});
}

}  // namespace apiserver
