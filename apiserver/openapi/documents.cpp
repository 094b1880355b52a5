// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/documents.hpp"

#include "apiserver/etag.hpp"
#include "apiserver/openapi/gnostic/gnostic.hpp"
#include "apiserver/openapi/meta_schemas.hpp"
#include "apiserver/openapi/paths.hpp"
#include "apiserver/openapi/schemas.hpp"
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

// By key. Of version 2 they are put together.
Parts make_parts(OpenApiVersion openapi, const std::vector<std::string>& versions) {
    const SchemaBuilder b{openapi};
    Parts parts;
    add_group_list_path(openapi, parts["apis"].paths);
    add_group_schemas(b, parts["apis"].schemas);
    add_group_path(openapi, parts["apis/metrics.k8s.io"].paths);
    add_group_schemas(b, parts["apis/metrics.k8s.io"].schemas);
    for (const std::string& version : versions) {
        Part& part = parts["apis/metrics.k8s.io/" + version];
        add_metrics_paths(openapi, version, part.paths);
        add_resource_list_schemas(b, part.schemas);
        add_metrics_schemas(b, version, part.schemas);
    }
    add_version_path(openapi, parts["version"].paths);
    add_version_schemas(b, parts["version"].schemas);
    for (auto& [key, part] : parts) add_status_schemas(b, part.schemas);
    return parts;
}

}  // namespace

OpenApiDocuments::OpenApiDocuments(const std::vector<std::string>& versions) {
    Json v2 = {
        {"swagger", "2.0"}, {"info", info()}, {"paths", Json::object()}, {"definitions", Json::object()}};
    for (const auto& [key, part] : make_parts(OpenApiVersion::v2, versions)) {
        v2["paths"].update(part.paths);
        v2["definitions"].update(part.schemas);
    }
    v2_ = finished(OpenApiVersion::v2, v2);

    Json index = {{"paths", Json::object()}};
    for (const auto& [key, part] : make_parts(OpenApiVersion::v3, versions)) {
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
