// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/paths.hpp"

#include "apiserver/openapi/meta_schemas.hpp"
#include "apiserver/openapi/parameters.hpp"
#include "apiserver/openapi/schema_builder.hpp"
#include "apiserver/representation/negotiate.hpp"

#include <cctype>
#include <utility>
#include <vector>

namespace apiserver {
namespace {

using MediaTypes = std::vector<std::string>;

const MediaTypes kOneType{"application/json"};
const MediaTypes kDocumentTypes = type_names(Streams::left_out);
const MediaTypes kListTypes = type_names(Streams::named);

// One GET.
struct Operation {
    std::string id;
    std::string tag;
    std::string description;
    // The name of the answer's schema.
    std::string answer;
    const MediaTypes& types;
};

Json response(const SchemaBuilder& b, const std::string& description, const std::string& schema,
              const MediaTypes& types) {
    Json out = {{"description", description}};
    if (b.openapi() == OpenApiVersion::v2)
        out["schema"] = b.ref(schema);
    else
        for (const std::string& type : types) out["content"][type] = {{"schema", b.ref(schema)}};
    return out;
}

Json make_get(const SchemaBuilder& b, const Operation& operation) {
    Json get = {{"operationId", operation.id},
                {"description", operation.description},
                {"tags", Json::array({operation.tag})},
                {"responses",
                 {{"200", response(b, "OK", operation.answer, operation.types)},
                  {"401", {{"description", "Unauthorized"}}},
                  {"default", response(b, "Failure", meta_name("Status"), kDocumentTypes)}}}};
    if (b.openapi() == OpenApiVersion::v2) {
        get["schemes"] = Json::array({"https"});
        get["consumes"] = Json::array({"*/*"});
        get["produces"] = operation.types;
    }
    return get;
}

// "metrics.k8s.io" is metrics: the tag, and with a capital a part of the operations' ids.
std::string short_name(const GroupInfo& group) {
    return std::string{group.name.substr(0, group.name.find('.'))};
}

std::string with_capital(std::string word) {
    word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
    return word;
}

std::string version_tag(const GroupInfo& group, std::string_view version) {
    return short_name(group) + "_" + std::string{version};
}

std::string version_id(const GroupInfo& group, std::string_view version) {
    return with_capital(short_name(group)) + with_capital(std::string{version});
}

std::string version_root(const GroupInfo& group, std::string_view version) {
    return "/apis/" + std::string{group.name} + "/" + std::string{version} + "/";
}

}  // namespace

void add_group_list_path(OpenApiVersion openapi, Json& paths) {
    paths["/apis/"]["get"] = make_get(
        SchemaBuilder{openapi},
        {"getAPIVersions", "apis", "get available API versions", meta_name("APIGroupList"), kDocumentTypes});
}

void add_group_path(OpenApiVersion openapi, const GroupInfo& group, Json& paths) {
    paths["/apis/" + std::string{group.name} + "/"]["get"] = make_get(
        SchemaBuilder{openapi}, {"get" + with_capital(short_name(group)) + "APIGroup", short_name(group),
                                 "get information of a group", meta_name("APIGroup"), kDocumentTypes});
}

void add_resource_list_path(OpenApiVersion openapi, const GroupInfo& group, std::string_view version,
                            Json& paths) {
    paths[version_root(group, version)]["get"] =
        make_get(SchemaBuilder{openapi},
                 {"get" + version_id(group, version) + "APIResources", version_tag(group, version),
                  "get available resources", meta_name("APIResourceList"), kDocumentTypes});
}

void add_resource_path(OpenApiVersion openapi, const GroupInfo& group, std::string_view version,
                       const ResourceOperation& operation, Json& paths) {
    const SchemaBuilder b{openapi};
    const std::string kind{operation.kind};
    const std::string verb = operation.list ? "list" : "read";
    const std::string what = operation.list ? " objects of kind " : " the specified ";
    Json get = make_get(
        b, {verb + version_id(group, version) + std::string{operation.scope}, version_tag(group, version),
            verb + what + kind, operation.answer, operation.list ? kListTypes : kDocumentTypes});
    get["x-kubernetes-action"] = operation.list ? "list" : "get";
    get["x-kubernetes-group-version-kind"] = {{"group", group.name}, {"version", version}, {"kind", kind}};
    Json parameters = Json::array();
    if (!operation.list) parameters.push_back(name_parameter(openapi, kind));
    if (operation.in_namespace) parameters.push_back(namespace_parameter(openapi));
    add_query_parameters(openapi, operation.list, parameters);
    paths[version_root(group, version) + std::string{operation.path}] = {
        {"get", std::move(get)}, {"parameters", std::move(parameters)}};
}

void add_version_path(OpenApiVersion openapi, Json& paths) {
    paths["/version/"]["get"] =
        make_get(SchemaBuilder{openapi},
                 {"getCodeVersion", "version", "get the version of this server", kVersionInfoName, kOneType});
}

}  // namespace apiserver
