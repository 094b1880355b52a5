// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/encoding.hpp"

#include <algorithm>

namespace kube {
namespace {

constexpr std::string_view kSpace = " \t";

// `lower` is in lower case.
bool is_type(std::string_view type, std::string_view lower) {
    const auto same = [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && (a | 0x20) == b); };
    return std::equal(type.begin(), type.end(), lower.begin(), lower.end(), same);
}

}  // namespace

std::optional<Encoding> encoding_of(std::string_view content_type) {
    std::string_view type = content_type.substr(0, content_type.find(';'));
    type.remove_prefix(std::min(type.find_first_not_of(kSpace), type.size()));
    type = type.substr(0, type.find_last_not_of(kSpace) + 1);
    if (is_type(type, kProtobufType)) return Encoding::protobuf;
    if (is_type(type, kJsonType)) return Encoding::json;
    return std::nullopt;
}

}  // namespace kube
