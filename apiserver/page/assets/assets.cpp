// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/assets/assets.hpp"

#include "apiserver/compression/gzip.hpp"
#include "apiserver/etag.hpp"
#include "gzip/reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace apiserver {
namespace {

// No file of the page is longer.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20;

std::string_view type_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kTypes{{
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
    }};
    for (const auto& [ending, type] : kTypes)
        if (name.ends_with(ending)) return type;
    return "application/octet-stream";
}

std::string inflated(std::string_view bytes) {
    std::string out;
    gzip::Reader reader;
    reader.restart(kMostBytes);
    reader.feed(bytes, [&](std::string_view piece) { out.append(piece); });
    return out;
}

}  // namespace

Assets::Assets(const std::vector<EmbeddedAsset>& embedded) {
    for (const EmbeddedAsset& file : embedded) {
        // The plain form has the same contents, and is other bytes.
        const std::string etag = make_etag(file.gzip).substr(0, 33);
        assets_.push_back({file, type_of(file.name), etag + "-gzip\"", etag + "\""});
    }
}

std::optional<net::Response> Assets::respond(const net::Request& request, std::string_view name) const {
    if (name.empty()) name = "index.html";
    const auto found =
        std::find_if(assets_.begin(), assets_.end(), [&](const Asset& one) { return one.file.name == name; });
    if (found == assets_.end()) return std::nullopt;
    const bool gzip = accepts_gzip(request);
    const std::string& etag = gzip ? found->gzip_etag : found->plain_etag;
    net::Response response;
    response.headers.set("ETag", etag);
    response.headers.set("Vary", "Accept-Encoding");
    if (client_has(request, etag)) {
        response.status = 304;
        return response;
    }
    response.headers.set("Content-Type", found->type);
    if (gzip) response.headers.set("Content-Encoding", "gzip");
    response.body = gzip ? std::string{found->file.gzip} : inflated(found->file.gzip);
    return response;
}

}  // namespace apiserver
