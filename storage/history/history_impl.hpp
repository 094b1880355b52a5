// SPDX-License-Identifier: Apache-2.0
// The parts of history. Only its own .cpp files use it.
#pragma once

#include "storage/history/catalog.hpp"
#include "storage/history/feed.hpp"
#include "storage/history/history.hpp"
#include "storage/history/share.hpp"

#include <cstddef>
#include <cstdint>

namespace storage::history {

// Of the long tier.
inline constexpr Seconds kBucket = 300;

struct History::Impl {
    explicit Impl(HistoryOptions given, History& owner);

    // Whether a thing more stays within the memory; and whether there is room for one that takes much of it,
    // counting those for which there is not.
    bool fits() const;
    bool has_room();
    void set_limits();
    // How many blocks there may be when all else takes so much.
    std::size_t most_blocks(std::size_t others) const;
    std::size_t bytes_of_others() const { return catalog.bytes() + room.swaps.bytes(); }
    // Reaches back less, or more again.
    void adapt_reach();
    // Whether figures can be put; counts those that cannot.
    bool can_put();
    void put_sum(Series& series, Sum& sum);

    // Moves the first tick and bucket that are kept on.
    void move_windows();
    // The bucket that a time is in, by its end.
    static Seconds bucket_end(Seconds time) { return (time + kBucket - 1) / kBucket * kBucket; }
    // The last bucket that is over for all.
    Tick last_bucket() const;

    // One thing of all: see tend().
    std::size_t things() const;
    void tend_thing(std::size_t thing);
    void tend_pod(std::uint32_t pod);
    void tend_series(Series& series);

    const HistoryOptions options;
    Feed feed;
    TickClock ticks;
    TickClock buckets{kBucket};
    SeriesRoom room;
    Catalog catalog;
    Series cluster;
    Sum cluster_sum;

    // Of the tick that figures are put for, while `begun`; and of the last that is over for all.
    bool begun = false;
    Tick tick = 0;
    Tick bucket = 0;
    Seconds end_of_bucket = 0;
    Tick over = 0;
    // The first that are kept: what was dropped does not come back. 0: none was over yet.
    Tick first_tick = 0;
    Tick first_bucket = 0;
    // The first ever that was over.
    Tick first_over = 0;

    // How much of the windows fits; and the thing that tend() comes to next, and how many it has yet to see
    // before all have been seen since the reach was cut.
    Share share;
    std::size_t next_thing = 0;
    std::size_t unseen = 0;
    std::uint64_t refused_points = 0;
    std::uint64_t refused_series = 0;
    // Pods that are there; the others have ended.
    std::size_t linked_pods = 0;
    // A series was refused since the reach was cut last.
    bool was_refused = false;
};

}  // namespace storage::history
