// SPDX-License-Identifier: Apache-2.0
#include "apiserver/compression/compression.hpp"

#include <utility>

namespace apiserver {

void Compression::compress_object(const net::Request& request, net::Response& response) {
    const bool whole = !response.source && !response.headers.contains("Content-Encoding");
    if (!whole || response.body.size() <= kGzipThreshold || !accepts_gzip(request)) return;
    if (response.headers.find("Content-Type").value_or("").starts_with("text/")) return;
    auto room = lease(response.body.size());
    if (room) compress(response, std::move(*room));
}

}  // namespace apiserver
