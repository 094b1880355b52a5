// SPDX-License-Identifier: Apache-2.0
// Whole protobuf messages to the objects that we use. Field numbers: generated.proto of k8s.io/api/core/v1,
// k8s.io/apimachinery/pkg/apis/meta/v1 and pkg/runtime.
//
// Unknown fields, and known ones of another wire type, are skipped; missing ones are empty. Bytes that are no
// protobuf message give Errc::malformed. Nothing here throws.
#pragma once

#include "kube/failure.hpp"
#include "kube/objects.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace kube {

// What every protobuf answer begins with.
inline constexpr std::string_view kMagic{"k8s\0", 4};

// Views into the bytes that were decoded.
struct TypeMeta {
    std::string_view api_version;
    std::string_view kind;
};

struct Envelope {
    TypeMeta type;
    std::string_view raw;
};

struct WatchEvent {
    // ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.
    std::string type;
    // An envelope; in JSON the object itself.
    std::string_view object;
};

struct ListMeta {
    std::string resource_version;
    std::string continue_token;
};

struct Status {
    std::string message;
    std::string reason;
    int code = 0;
    std::chrono::seconds retry_after{0};
};

// And lets the last of a key count, as in Go's maps.
void sort_by_key(StringMap& map);

net::Result<TypeMeta> decode_type_meta(std::string_view bytes);
// "k8s\0" and Unknown.
net::Result<Envelope> open_envelope(std::string_view bytes);
net::Result<WatchEvent> decode_event(std::string_view bytes);
net::Result<ListMeta> decode_list_meta(std::string_view bytes);
net::Result<Status> decode_status(std::string_view bytes);

// core/v1 Node. After an error `into` holds nothing of use; so below.
net::Result<> decode(std::string_view bytes, Node& into);
// PartialObjectMetadata, or a whole core/v1 Pod: both have their metadata in field 1. Which annotations are
// read is as `into` says (ScrapeAnnotations::prefix).
net::Result<> decode(std::string_view bytes, Pod& into);

// core/v1 ConfigMap.
net::Result<> decode(std::string_view bytes, ConfigMap& into);

}  // namespace kube
