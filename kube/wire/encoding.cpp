// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/encoding.hpp"

#include "text/split.hpp"

#include <algorithm>

namespace kube {
namespace {

// `lower` is in lower case.
bool is_type(std::string_view type, std::string_view lower) {
    const auto same = [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && (a | 0x20) == b); };
    return std::equal(type.begin(), type.end(), lower.begin(), lower.end(), same);
}

}  // namespace

std::optional<Encoding> encoding_of(std::string_view content_type) {
    const std::string_view type = text::trimmed(content_type.substr(0, content_type.find(';')), " \t");
    if (is_type(type, kProtobufType)) return Encoding::protobuf;
    if (is_type(type, kJsonType)) return Encoding::json;
    return std::nullopt;
}

}  // namespace kube
