// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scraper/kubelet/failure.hpp"

#include <array>
#include <cstdint>

namespace scraper {

// Counts of asking kubelets for /stats/summary, since the start.
struct StatsCounts {
    // Indexed by Reason.
    std::array<std::uint64_t, kReasons> results{};
    // In the pages that were taken: figures and things that could not be read, and pods that are not the
    // node's.
    std::uint64_t bad_fields = 0;
    std::uint64_t bad_things = 0;
    std::uint64_t foreign = 0;
};

}  // namespace scraper
