// SPDX-License-Identifier: Apache-2.0
// How exactly history keeps figures.
#pragma once

#include <algorithm>
#include <cstdint>

namespace storage {

inline std::uint64_t distance(std::uint64_t a, std::uint64_t b) {
    return a > b ? a - b : b - a;
}

// To 0.1 % or 0.01 m, whichever is more.
template <class Exact>
bool is_cpu(std::uint64_t kept, Exact nanocores) {
    const auto exact = static_cast<std::uint64_t>(nanocores);
    return distance(kept, exact) <= std::max<std::uint64_t>(exact / 1000, 10'000);
}

// To pages of 4 KiB.
template <class Exact>
bool is_memory(std::uint64_t kept, Exact bytes) {
    return distance(kept, static_cast<std::uint64_t>(bytes)) <= 2048 && kept % 4096 == 0;
}

}  // namespace storage
