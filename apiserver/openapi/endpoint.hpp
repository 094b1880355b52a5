// SPDX-License-Identifier: Apache-2.0
// /openapi/v2 and /openapi/v3 (k8s.io/kube-openapi, pkg/handler and pkg/handler3).
#pragma once

#include "apiserver/openapi/documents.hpp"
#include "apiserver/request/query.hpp"
#include "net/http.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

class OpenApiEndpoint {
  public:
    OpenApiEndpoint();

    std::vector<std::string> paths() const { return {"/openapi/v2", "/openapi/v3"}; }

    // nullopt: the path is another's. Any method will do, as in Go.
    std::optional<net::Response> respond(std::string_view path, const net::Request& request,
                                         const Query& query) const;

  private:
    net::Response group(std::string_view key, const net::Request& request, const Query& query) const;

    OpenApiDocuments documents_;
};

}  // namespace apiserver
