// SPDX-License-Identifier: Apache-2.0
// What writer and loader of what kubelets told share. Only they use it.
#pragma once

#include "storage/snapshot/bytes.hpp"
#include "storage/stats/stats_history_impl.hpp"

namespace storage::stats {

// Opens the history to its snapshots.
struct Snapshots {
    using Impl = StatsHistory::Impl;
    static Impl& of(StatsHistory& stats) { return *stats.impl_; }
    static const Impl& of(const StatsHistory& stats) { return *stats.impl_; }
};

}  // namespace storage::stats

namespace storage::snapshot {

// What each section begins with: its place in time by StatsClock, and how full the history was.
struct StatsHead {
    // stats::Pace
    stats::Seconds tick = 0;
    stats::Tick long_ticks = 0;
    // What the clock showed, and how much later than the wall clock that was.
    stats::Seconds now = 0;
    stats::Seconds moved = 0;
    // As in StatsHistory::Impl.
    stats::Tick first_ever = 0;
    stats::Tick first_recent = 0;
    stats::Tick first_longer = 0;
    // history::Share::part()
    unsigned share = 0;
    std::uint64_t used_blocks = 0;
    std::uint64_t bytes_of_others = 0;
};

// What stands before each record of a kind. 0: no more. A node or a pod is followed by what it has: series of
// its own, and of its containers (of a node, those of the system) and volumes.
enum class StatsRecord : std::uint8_t { end, node, pod, own, container, volume };

}  // namespace storage::snapshot
