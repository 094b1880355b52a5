// SPDX-License-Identifier: Apache-2.0
// The OpenAPI documents: made once and served as they are.
#pragma once

#include "apiserver/groups/group.hpp"

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace apiserver {

struct OpenApiDocument {
    std::string json;
    // A Document of gnostic-models, bare.
    std::string protobuf;
    // Quoted: the upper-case hex of the JSON's SHA-512.
    std::string etag;
};

class OpenApiDocuments {
  public:
    // The groups are asked now, and not kept.
    explicit OpenApiDocuments(std::span<const std::shared_ptr<Group>> groups);

    // /openapi/v2: everything in one.
    const OpenApiDocument& v2() const { return v2_; }
    // /openapi/v3: the keys of the documents below, each with its path and hash. In JSON alone.
    const OpenApiDocument& v3_index() const { return v3_index_; }
    // /openapi/v3/KEY with KEY as apis, apis/metrics.k8s.io, apis/metrics.k8s.io/v1beta1, version. Null:
    // there is none.
    const OpenApiDocument* v3(std::string_view key) const;
    // Where v3(key) is served from, hash included.
    static std::string v3_path(std::string_view key, const OpenApiDocument& document);

  private:
    OpenApiDocument v2_;
    OpenApiDocument v3_index_;
    std::map<std::string, OpenApiDocument, std::less<>> v3_;
};

}  // namespace apiserver
