// SPDX-License-Identifier: Apache-2.0
// How long the requests to one kubelet took.
#pragma once

#include "telemetry/metrics.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace scraper {

// A histogram over telemetry::kDefaultBounds, small since there is one for each node.
struct RequestDurations {
    std::array<std::uint32_t, telemetry::kDefaultBounds.size() + 1> counts{};
    // Unix time of the last request's end, in seconds; 0: there was none.
    std::uint32_t last = 0;
    // In seconds.
    double sum = 0;

    void add(std::chrono::nanoseconds took, std::chrono::system_clock::time_point ended) {
        const double seconds = std::chrono::duration<double>{took}.count();
        ++counts[telemetry::bucket_of(telemetry::kDefaultBounds, seconds)];
        sum += seconds;
        last = static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::seconds>(ended.time_since_epoch()).count());
    }
};
static_assert(sizeof(RequestDurations) <= 64, "there is one for each node");

}  // namespace scraper
