// SPDX-License-Identifier: Apache-2.0
#include "sink/remote_write/snappy.hpp"

#include <snappy.h>

namespace sink::remote_write {

std::string compressed(std::string_view bytes, std::string& scratch) {
    // Grown only: making it smaller and larger again would fill it with zeros each time.
    const std::size_t most = snappy::MaxCompressedLength(bytes.size());
    if (scratch.size() < most) scratch.resize(most);
    std::size_t length = 0;
    snappy::RawCompress(bytes.data(), bytes.size(), scratch.data(), &length);
    return scratch.substr(0, length);
}

std::optional<std::string> decompressed(std::string_view body) {
    std::size_t length = 0;
    if (!snappy::GetUncompressedLength(body.data(), body.size(), &length)) return std::nullopt;
    // No element gives more than 64 bytes: who says more is not believed before its room is there.
    if (length > kMostBody || length / 64 > body.size()) return std::nullopt;
    std::string bytes(length, '\0');
    if (!snappy::RawUncompress(body.data(), body.size(), bytes.data())) return std::nullopt;
    return bytes;
}

}  // namespace sink::remote_write
