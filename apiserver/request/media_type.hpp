// SPDX-License-Identifier: Apache-2.0
// The media types that answers are written in.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace apiserver {

// In the order in which a wildcard takes them.
enum class MediaType { json, yaml, protobuf };

struct MediaTypeInfo {
    MediaType type;
    // As in Content-Type.
    std::string_view name;
    // A clause may ask for a stream of them. There is none of YAML documents.
    bool streams;
};

// By MediaType. How each is written: apiserver/representation/format.hpp.
inline constexpr std::array<MediaTypeInfo, 3> kMediaTypes{{
    {MediaType::json, "application/json", true},
    {MediaType::yaml, "application/yaml", false},
    {MediaType::protobuf, "application/vnd.kubernetes.protobuf", true},
}};

constexpr const MediaTypeInfo& info_of(MediaType type) {
    return kMediaTypes[static_cast<std::size_t>(type)];
}

static_assert(info_of(MediaType::json).type == MediaType::json);
static_assert(info_of(MediaType::yaml).type == MediaType::yaml);
static_assert(info_of(MediaType::protobuf).type == MediaType::protobuf);

constexpr std::string_view content_type(MediaType type) {
    return info_of(type).name;
}

}  // namespace apiserver
