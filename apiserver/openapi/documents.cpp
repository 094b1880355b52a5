// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/documents.hpp"

#include "apiserver/etag.hpp"
#include "apiserver/openapi/paths.hpp"
#include "apiserver/openapi/schemas.hpp"

namespace apiserver {
namespace {

OpenApiDocument finished(const Json& document) {
    OpenApiDocument result;
    result.json = document.dump();
    result.etag = make_etag(result.json);
    return result;
}

Json info() {
    return {{"title", "Kubernetes metrics-server"}, {"version", TOPD_VERSION}};
}

}  // namespace

OpenApiDocuments::OpenApiDocuments(const std::vector<std::string>& versions) {
    Json v2 = {
        {"swagger", "2.0"}, {"info", info()}, {"paths", Json::object()}, {"definitions", Json::object()}};
    Json index = {{"paths", Json::object()}};
    for (const std::string& version : versions) {
        v2["paths"].update(metrics_paths(OpenApiVersion::v2, version));
        v2["definitions"].update(schemas(OpenApiVersion::v2, version));
        const std::string key = "apis/metrics.k8s.io/" + version;
        const OpenApiDocument document =
            finished({{"openapi", "3.0.0"},
                      {"info", info()},
                      {"paths", metrics_paths(OpenApiVersion::v3, version)},
                      {"components", {{"schemas", schemas(OpenApiVersion::v3, version)}}}});
        index["paths"][key] = {{"serverRelativeURL", v3_path(key, document)}};
        v3_.emplace(key, document);
    }
    v2_ = finished(v2);
    v3_index_ = finished(index);
}

const OpenApiDocument* OpenApiDocuments::v3(std::string_view key) const {
    const auto it = v3_.find(key);
    return it == v3_.end() ? nullptr : &it->second;
}

std::string OpenApiDocuments::v3_path(std::string_view key, const OpenApiDocument& document) {
    return "/openapi/v3/" + std::string{key} + "?hash=" + document.etag.substr(1, document.etag.size() - 2);
}

}  // namespace apiserver
