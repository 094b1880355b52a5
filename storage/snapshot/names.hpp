// SPDX-License-Identifier: Apache-2.0
// Names that are read from a snapshot are held to what they may be (storage/names/name_limits.hpp).
#pragma once

#include "storage/names/name_limits.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace storage::snapshot {

// A node's is a DNS subdomain, as a pod's.
inline constexpr std::size_t kNodeNameBytes = kPodNameBytes;

inline bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7f && c != '"' && c != '\'' && c != '/' && c != '\\';
    });
}

}  // namespace storage::snapshot
