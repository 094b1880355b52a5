// SPDX-License-Identifier: Apache-2.0
// What files that are written by topd and read again are made of: numbers, lowest byte first, and checksums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace files {

inline constexpr std::size_t kNumberBytes = 4;

void put_number(std::string& to, std::uint32_t number);
// REQUIRES: kNumberBytes are there.
std::uint32_t number_at(std::string_view bytes, std::size_t at);

// CRC-32, as zlib's.
std::uint32_t checksum(std::string_view bytes);
// Whether the last number is the checksum of what is before it. REQUIRES: a number is there.
bool is_sound(std::string_view bytes);

}  // namespace files
