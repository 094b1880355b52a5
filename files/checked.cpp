// SPDX-License-Identifier: Apache-2.0
#include "files/checked.hpp"

#include <zlib.h>

namespace files {

void put_number(std::string& to, std::uint32_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8) to += static_cast<char>(number >> shift & 0xff);
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = kNumberBytes; i-- > 0;)
        number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

std::uint32_t checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

bool is_sound(std::string_view bytes) {
    const std::size_t size = bytes.size() - kNumberBytes;
    return number_at(bytes, size) == checksum(bytes.substr(0, size));
}

}  // namespace files
