// SPDX-License-Identifier: Apache-2.0
// In what forms an answer can be written.
#pragma once

#include <string>
#include <string_view>

namespace apiserver {

// In the order in which a wildcard takes them. Each has its row in apiserver/representation/format.cpp.
enum class MediaType { json, yaml, protobuf };

// How much of an object is given: all of it, or one of the views of meta.k8s.io.
enum class Shape { object, table, metadata, metadata_list };

// An answer's form.
struct Representation {
    MediaType type = MediaType::json;
    // Indented; for JSON only.
    bool pretty = false;
    Shape shape = Shape::object;
    // "meta.k8s.io/v1" or "meta.k8s.io/v1beta1"; empty for objects.
    std::string_view meta_version{};
    bool operator==(const Representation&) const = default;
};

// A document in all its representations; YAML is made from JSON.
struct Document {
    // Compact, without a line end.
    std::string json;
    // With magic number and envelope.
    std::string protobuf;
};

}  // namespace apiserver
