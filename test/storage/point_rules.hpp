// SPDX-License-Identifier: Apache-2.0
// Points by the rules that a store has by default.
#pragma once

#include "storage/points.hpp"
#include "test/storage/pages.hpp"

#include <chrono>

namespace storage {

inline constexpr WindowRules kRules{std::chrono::milliseconds{1500}, std::chrono::seconds{40},
                                    std::chrono::seconds{40}};

inline PageMoment page_at(double now) {
    PageMoment moment;
    moment.at = at(now);
    return moment;
}

}  // namespace storage
