// SPDX-License-Identifier: Apache-2.0
// /openapi/v2 and /openapi/v3 (k8s.io/kube-openapi, pkg/handler and pkg/handler3).
#pragma once

#include "apiserver/openapi/documents.hpp"
#include "apiserver/request/query.hpp"
#include "net/http/message.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

class OpenApiEndpoint {
  public:
    explicit OpenApiEndpoint(std::span<const std::shared_ptr<Group>> groups);

    // Those at or below the root, for the index.
    static std::vector<std::string> paths(std::string_view root);

    // nullopt: the path is another's. Any method will do, as in Go.
    std::optional<net::Response> respond(std::string_view path, const net::Request& request,
                                         const Query& query) const;

  private:
    net::Response v2(const net::Request& request) const;
    net::Response index(const net::Request& request) const;
    net::Response group(std::string_view key, const net::Request& request, const Query& query) const;
    // 200 with the bytes and their type, or 304.
    net::Response serve(const net::Request& request, std::string_view bytes, std::string_view type,
                        std::string_view etag) const;

    OpenApiDocuments documents_;
    std::string gzipped_v2_;
    std::string v2_protobuf_etag_;
    // When the documents were made, as HTTP writes it.
    std::string last_modified_;
};

}  // namespace apiserver
