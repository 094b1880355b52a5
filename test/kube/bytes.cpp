// SPDX-License-Identifier: Apache-2.0
#include "test/kube/bytes.hpp"

#include <stdexcept>

namespace kube::test {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

char hex_byte(char high, char low) {
    const auto h = kHex.find(high);
    const auto l = kHex.find(low);
    if (h == kHex.npos || l == kHex.npos) throw std::invalid_argument{"golden: not hex"};
    return static_cast<char>(h << 4 | l);
}

}  // namespace

std::string golden(std::string_view notation) {
    std::string result;
    while (!notation.empty()) {
        if (std::string_view{" \n{}[]"}.find(notation[0]) != std::string_view::npos) {
            notation.remove_prefix(1);
        } else if (notation[0] == '\'') {
            const auto end = notation.find('\'', 1);
            result += notation.substr(1, end - 1);
            notation.remove_prefix(end + 1);
        } else {
            result += hex_byte(notation.at(0), notation.at(1));
            notation.remove_prefix(2);
        }
    }
    return result;
}

std::string varint(std::uint64_t value) {
    std::string result;
    for (; value >= 0x80; value >>= 7) result += static_cast<char>(value | 0x80);
    return result + static_cast<char>(value);
}

std::string number(unsigned field, std::uint64_t value) {
    return varint(field << 3) + varint(value);
}

std::string bytes(unsigned field, std::string_view content) {
    return varint(field << 3 | 2) + varint(content.size()) + std::string{content};
}

std::string envelope(std::string_view api_version, std::string_view kind, std::string_view raw) {
    return std::string{"k8s\0", 4} + bytes(1, bytes(1, api_version) + bytes(2, kind)) + bytes(2, raw) +
           bytes(3, "") + bytes(4, "");
}

std::string entry(unsigned field, std::string_view key, std::string_view value) {
    return bytes(field, bytes(1, key) + bytes(2, value));
}

std::string frame(std::string_view event) {
    std::string length;
    for (const int shift : {24, 16, 8, 0}) length += static_cast<char>(event.size() >> shift);
    return length + std::string{event};
}

std::string event(std::string_view type, std::string_view object) {
    return frame(bytes(1, type) + bytes(2, bytes(1, object)));
}

std::string pod(std::string_view name_space, std::string_view name, std::string_view version) {
    return bytes(1, bytes(1, name) + bytes(3, name_space) + bytes(6, version));
}

std::string node(std::string_view name, std::string_view version) {
    return bytes(1, bytes(1, name) + bytes(6, version));
}

std::string pod_event(std::string_view type, std::string_view pod) {
    return event(type, envelope("meta.k8s.io/v1", "PartialObjectMetadata", pod));
}

std::string status(int code, std::string_view message) {
    return envelope("v1", "Status",
                    bytes(1, "") + bytes(2, "Failure") + bytes(3, message) + bytes(4, "Expired") +
                        number(6, static_cast<std::uint64_t>(code)));
}

std::string list_meta(std::string_view version, std::string_view continue_token) {
    return bytes(1, bytes(2, version) + bytes(3, continue_token));
}

}  // namespace kube::test
