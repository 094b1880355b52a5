// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/documents.hpp"

#include "apiserver/etag.hpp"
#include "apiserver/openapi/gnostic/gnostic.hpp"
#include "apiserver/openapi/meta_schemas.hpp"
#include "apiserver/openapi/paths.hpp"
#include "apiserver/openapi/schema_builder.hpp"
#include "version/version.hpp"

namespace apiserver {
namespace {

Json info() {
    return {{"title", "Kubernetes metrics-server"}, {"version", version::number()}};
}

OpenApiDocument finished(OpenApiVersion openapi, const Json& document) {
    OpenApiDocument result;
    result.json = document.dump();
    result.protobuf = to_gnostic(openapi, document);
    result.etag = make_etag(result.json);
    return result;
}

// What one document of version 3 is made of.
struct Part {
    Json paths = Json::object();
    Json schemas = Json::object();

    OpenApiDocument finish() const {
        return finished(OpenApiVersion::v3, {{"openapi", "3.0.0"},
                                             {"info", info()},
                                             {"paths", paths},
                                             {"components", {{"schemas", schemas}}}});
    }
};

using Parts = std::map<std::string, Part>;

using Groups = std::span<const std::shared_ptr<Group>>;

// By key. Of version 2 they are put together.
Parts make_parts(OpenApiVersion openapi, Groups groups) {
    const SchemaBuilder b{openapi};
    Parts parts;
    add_group_list_path(openapi, parts["apis"].paths);
    add_group_schemas(b, parts["apis"].schemas);
    for (const auto& group : groups) {
        const GroupInfo info = group->info();
        const std::string key = "apis/" + std::string{info.name};
        add_group_path(openapi, info, parts[key].paths);
        add_group_schemas(b, parts[key].schemas);
        for (const std::string_view version : info.versions) {
            Part& part = parts[key + "/" + std::string{version}];
            add_resource_list_path(openapi, info, version, part.paths);
            add_resource_list_schemas(b, part.schemas);
            group->describe(openapi, version, part.paths, part.schemas);
        }
    }
    add_version_path(openapi, parts["version"].paths);
    add_version_schemas(b, parts["version"].schemas);
    for (auto& [key, part] : parts) add_status_schemas(b, part.schemas);
    return parts;
}

}  // namespace

OpenApiDocuments::OpenApiDocuments(Groups groups) {
    Json v2 = {
        {"swagger", "2.0"}, {"info", info()}, {"paths", Json::object()}, {"definitions", Json::object()}};
    for (const auto& [key, part] : make_parts(OpenApiVersion::v2, groups)) {
        v2["paths"].update(part.paths);
        v2["definitions"].update(part.schemas);
    }
    v2_ = finished(OpenApiVersion::v2, v2);

    Json index = {{"paths", Json::object()}};
    for (const auto& [key, part] : make_parts(OpenApiVersion::v3, groups)) {
        const OpenApiDocument& document = v3_.emplace(key, part.finish()).first->second;
        index["paths"][key] = {{"serverRelativeURL", v3_path(key, document)}};
    }
    v3_index_.json = index.dump();
    v3_index_.etag = make_etag(v3_index_.json);
}

const OpenApiDocument* OpenApiDocuments::v3(std::string_view key) const {
    const auto it = v3_.find(key);
    return it == v3_.end() ? nullptr : &it->second;
}

std::string OpenApiDocuments::v3_path(std::string_view key, const OpenApiDocument& document) {
    return "/openapi/v3/" + std::string{key} + "?hash=" + document.etag.substr(1, document.etag.size() - 2);
}

}  // namespace apiserver
