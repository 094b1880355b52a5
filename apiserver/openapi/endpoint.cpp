// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/endpoint.hpp"

#include "apiserver/compression/gzip.hpp"
#include "apiserver/etag.hpp"
#include "apiserver/request/accept.hpp"
#include "net/http/date.hpp"

#include <ctime>

namespace apiserver {
namespace {

constexpr std::string_view kV3 = "/openapi/v3";
constexpr std::time_t kYear = 365 * 24 * 60 * 60;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kProtobufV2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
constexpr std::string_view kProtobufV3 = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";

// What may be asked for, and as what it is answered: the types with an @ are older names.
struct Form {
    std::string_view subtype;
    std::string_view type;
};
constexpr Form kFormsV2[] = {
    {"json", kJson},
    {"com.github.proto-openapi.spec.v2@v1.0+protobuf", kProtobufV2},
    {"com.github.proto-openapi.spec.v2.v1.0+protobuf", kProtobufV2},
};
constexpr Form kFormsV3[] = {
    {"json", kJson},
    {"com.github.proto-openapi.spec.v3.v1.0+protobuf", kProtobufV3},
    {"com.github.proto-openapi.spec.v3@v1.0+protobuf", kProtobufV3},
};

// The type of the answer; empty: none that the client takes.
std::string_view choose(std::span<const Form> forms, const net::Request& request) {
    std::string_view accept = request.headers.find("Accept").value_or("");
    if (accept.empty()) accept = "*/*";
    for (const AcceptClause& clause : parse_accept(accept)) {
        if (clause.type != "application" && clause.type != "*") continue;
        for (const Form& form : forms)
            if (clause.subtype == "*" || clause.subtype == form.subtype) return form.type;
    }
    return {};
}

net::Response bare(unsigned status) {
    net::Response response;
    response.status = status;
    return response;
}

std::string gzipped(std::string_view text) {
    std::string out;
    gzip::Writer writer;
    writer.begin(out, {});
    writer.write(out, text);
    writer.finish(out);
    return out;
}

}  // namespace

OpenApiEndpoint::OpenApiEndpoint(std::span<const std::shared_ptr<Group>> groups)
    : documents_{groups},
      gzipped_v2_{gzipped(documents_.v2().json)},
      v2_protobuf_etag_{make_etag(documents_.v2().protobuf)},
      last_modified_{net::http_date(std::time(nullptr))} {}

std::vector<std::string> OpenApiEndpoint::paths(std::string_view root) {
    std::vector<std::string> paths{std::string{root}};
    if (root == kV3) paths.push_back(paths.front() + "/");
    return paths;
}

std::optional<net::Response> OpenApiEndpoint::respond(std::string_view path, const net::Request& request,
                                                      const Query& query) const {
    if (path == "/openapi/v2") return v2(request);
    if (path == kV3 || path == "/openapi/v3/") return index(request);
    if (!path.starts_with("/openapi/v3/")) return std::nullopt;
    return group(path.substr(kV3.size() + 1), request, query);
}

net::Response OpenApiEndpoint::serve(const net::Request& request, std::string_view bytes,
                                     std::string_view type, std::string_view etag) const {
    net::Response response;
    response.headers.set("Etag", etag);
    // The date counts only where there is no tag (RFC 9110, 13.1.3). Clients send back what they got.
    const bool by_tag = request.headers.contains("If-None-Match");
    const bool same_date = !by_tag && request.headers.find("If-Modified-Since") == last_modified_;
    if (same_date || client_has(request, etag)) {
        response.status = 304;
        return response;
    }
    response.headers.set("Last-Modified", last_modified_);
    response.headers.set("Content-Type", type);
    response.body = bytes;
    return response;
}

net::Response OpenApiEndpoint::v2(const net::Request& request) const {
    const std::string_view type = choose(kFormsV2, request);
    const OpenApiDocument& document = documents_.v2();
    net::Response response = bare(406);
    if (type == kProtobufV2)
        response = serve(request, document.protobuf, type, v2_protobuf_etag_);
    else if (type == kJson)
        response = serve(request, document.json, type, document.etag);
    response.headers.add("Vary", "Accept-Encoding");
    response.headers.add("Vary", "Accept");
    if (response.status == 200 && type == kJson && accepts_gzip(request)) {
        response.body = gzipped_v2_;
        response.headers.set("Content-Encoding", "gzip");
    }
    return response;
}

// JSON whatever the client takes, as in Go: the aggregator sends no Accept.
net::Response OpenApiEndpoint::index(const net::Request& request) const {
    const OpenApiDocument& document = documents_.v3_index();
    return serve(request, document.json, kJson, document.etag);
}

net::Response OpenApiEndpoint::group(std::string_view key, const net::Request& request,
                                     const Query& query) const {
    const OpenApiDocument* document = documents_.v3(key);
    if (!document) return bare(404);
    const std::string_view type = choose(kFormsV3, request);
    net::Response response = bare(406);
    const std::string_view hash = query.get("hash");
    const std::string path = OpenApiDocuments::v3_path(key, *document);
    const bool stale = !hash.empty() && !path.ends_with("=" + std::string{hash});
    if (!type.empty() && stale) {
        // The document changed since the index was read: here is the one that there is.
        response.status = 301;
        response.headers.set("Etag", document->etag);
        response.headers.set("Content-Type", type);
        response.headers.set("Location", path);
    } else if (!type.empty()) {
        // One hash for both forms: the index has one for a document.
        response = serve(request, type == kJson ? document->json : document->protobuf, type, document->etag);
        if (!hash.empty()) {
            response.headers.set("Cache-Control", "public, immutable");
            response.headers.set("Expires", net::http_date(std::time(nullptr) + kYear));
        }
    }
    response.headers.set("Vary", "Accept");
    return response;
}

}  // namespace apiserver
