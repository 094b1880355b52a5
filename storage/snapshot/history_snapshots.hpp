// SPDX-License-Identifier: Apache-2.0
// What writer and loader of history share. Only they use it.
#pragma once

#include "storage/history/history_impl.hpp"
#include "storage/snapshot/bytes.hpp"

namespace storage::history {

// Opens history to its snapshots.
struct Snapshots {
    using Impl = History::Impl;
    static Impl& of(History& history) { return *history.impl_; }
    static const Impl& of(const History& history) { return *history.impl_; }
};

}  // namespace storage::history

namespace storage::snapshot {

// What each section of history begins with: its place in time, in lengths of ticks and buckets since the
// epoch, and how full history was.
struct Head {
    history::Seconds tick_length = 0;
    // Over for all; the newest that rows may have; the first ever, and the first that is kept.
    history::Tick over = 0;
    history::Tick last = 0;
    history::Tick first_over = 0;
    history::Tick first_tick = 0;
    history::Tick bucket = 0;
    history::Tick first_bucket = 0;
    // history::Share::part()
    unsigned share = 0;
    std::uint64_t used_blocks = 0;
    std::uint64_t bytes_of_others = 0;
};

// What stands before each record of a kind. 0: no more.
enum class Record : std::uint8_t { end, cluster, name_space, node, pod, container };

}  // namespace storage::snapshot
