// SPDX-License-Identifier: Apache-2.0
// What turns rows into the bytes of one representation.
#pragma once

#include "apiserver/encode/row.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace apiserver {

// What all rows of an answer have in common.
struct RowStyle {
    // "NodeMetrics", "NodeMetricsList", "metrics.k8s.io/v1".
    std::string_view kind{};
    std::string_view list_kind{};
    std::string api_version{};
    // creationTimestamp, Unix seconds: the time of the request.
    std::int64_t created = 0;
    // Write usage.swap where the store has it.
    bool swap = true;
};

// The style of rows without their figures; `meta_version` is one of meta.k8s.io.
inline RowStyle metadata_style(RowStyle style, std::string_view meta_version) {
    style.kind = "PartialObjectMetadata";
    style.list_kind = "PartialObjectMetadataList";
    style.api_version = meta_version;
    return style;
}

// For one answer: either one object() or a list. Everything is appended.
class Encoder {
  public:
    virtual ~Encoder() = default;

    // A whole document with kind and version.
    virtual void object(std::string& out, const Row& row) = 0;

    // An element of a list.
    virtual void item(std::string& out, const Row& row) = 0;

    // What stands before the elements; asked for when the first of them was encoded, or there is none.
    // item_bytes: of all elements, where a list has to be whole first (Format::piece_bytes).
    virtual void list_head(std::string& out, std::size_t item_bytes) = 0;
    // What stands after them.
    virtual void list_tail(std::string& out) = 0;
};

}  // namespace apiserver
