// SPDX-License-Identifier: Apache-2.0
// The usage of one object over a window, and the clock that decides how long it is served.
#pragma once

#include "storage/node_page.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace storage {

// Our own clock. Never compared with a kubelet's (Nanos).
using Monotonic = std::chrono::steady_clock::time_point;

// What one object used, over `window` up to `timestamp`.
struct Usage {
    Nanos timestamp = 0;
    std::chrono::nanoseconds window{0};
    // Nanocores (CPU nanoseconds a second), truncated.
    std::uint64_t cpu = 0;
    // Bytes.
    std::uint64_t memory = 0;
    // Bytes; nullopt: the kubelet does not report it.
    std::optional<std::uint64_t> swap;
};

}  // namespace storage
