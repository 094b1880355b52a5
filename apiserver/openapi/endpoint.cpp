// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/endpoint.hpp"

#include "apiserver/discovery/discovery.hpp"
#include "apiserver/etag.hpp"

namespace apiserver {
namespace {

constexpr std::string_view kV3 = "/openapi/v3";

// Both handlers know JSON and a protobuf form of their own, which the aggregator never asks for.
bool takes_json(const net::Request& request) {
    const auto accept = request.headers.find("Accept");
    if (!accept || accept->empty()) return true;
    for (const char* type : {"application/json", "*/*", "application/*"})
        if (accept->find(type) != std::string_view::npos) return true;
    return false;
}

net::Response serve(const OpenApiDocument& document, const net::Request& request) {
    net::Response response;
    response.headers.set("Vary", "Accept");
    if (!takes_json(request)) {
        response.status = 406;
        return response;
    }
    response.headers.set("Etag", document.etag);
    if (client_has(request, document.etag)) {
        response.status = 304;
        return response;
    }
    response.headers.set("Content-Type", "application/json");
    response.body = document.json;
    return response;
}

std::vector<std::string> versions() {
    return {kVersions.begin(), kVersions.end()};
}

}  // namespace

OpenApiEndpoint::OpenApiEndpoint() : documents_{versions()} {}

std::optional<net::Response> OpenApiEndpoint::respond(std::string_view path, const net::Request& request,
                                                      const Query& query) const {
    if (path == "/openapi/v2") return serve(documents_.v2(), request);
    if (path == kV3 || path == "/openapi/v3/") return serve(documents_.v3_index(), request);
    if (!path.starts_with("/openapi/v3/")) return std::nullopt;
    return group(path.substr(kV3.size() + 1), request, query);
}

net::Response OpenApiEndpoint::group(std::string_view key, const net::Request& request,
                                     const Query& query) const {
    net::Response response;
    const OpenApiDocument* document = documents_.v3(key);
    if (!document) {
        response.status = 404;
        return response;
    }
    const std::string_view hash = query.get("hash");
    if (hash.empty()) return serve(*document, request);
    const std::string path = OpenApiDocuments::v3_path(key, *document);
    if (!path.ends_with("=" + std::string{hash})) {
        // The document changed since the index was read: here is the one that there is.
        response.status = 301;
        response.headers.set("Location", path);
        return response;
    }
    response = serve(*document, request);
    response.headers.set("Cache-Control", "public, immutable");
    return response;
}

}  // namespace apiserver
