// SPDX-License-Identifier: Apache-2.0
// Snappy's block format, as bodies have it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sink::remote_write {

// `scratch` is used again and again. REQUIRES: at most 2^32 - 1 bytes.
std::string compressed(std::string_view bytes, std::string& scratch);

// nullopt: it is none, or longer than this.
inline constexpr std::size_t kMostBody = 256 * 1024 * 1024;
std::optional<std::string> decompressed(std::string_view body);

}  // namespace sink::remote_write
