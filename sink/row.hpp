// SPDX-License-Identifier: Apache-2.0
// What a sink is given of a tick: a row for each thing that has figures, by name, so that a walk that was
// interrupted goes on by key.
#pragma once

#include "storage/history/points.hpp"
#include "storage/stats/stats_history.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sink {

// Unix time.
using Seconds = storage::history::Seconds;

// A tick that is being told.
struct TickSpan {
    // Its end: the time of every point of history.
    Seconds at = 0;
    // The tick that was told before; 0: none, or too long ago for anything to have ended since.
    Seconds before = 0;
    // Points of kubelets' summaries that were told since: they have times of their own, and of several the
    // newest counts. Empty (from > to): there are none.
    storage::stats::TimeRange summaries{1, 0};
};

struct Row {
    enum class Of : std::uint8_t { node, pod, container, name_space, cluster };
    Of of{};
    // Names; what it has not is empty. A pod's node is that of its last figures. Valid during the call.
    std::string_view name_space, pod, container, node;
    // What was served at the end of the tick. nullopt: nothing, it had ended by then.
    std::optional<storage::history::RecentPoint> now;
    // The same of TickSpan::before. What it had then and has not now has ended. nullopt: it had nothing.
    std::optional<storage::history::RecentPoint> before;
    // False: a node that is not there any more; it has no `now`. One that is there has a row at each tick,
    // with figures or without.
    bool is_known = true;
};

}  // namespace sink
