// SPDX-License-Identifier: Apache-2.0
// The history of some figures of one thing, sampled now and then, as rows at whole ticks.
//
// Samples come when a kubelet was asked and are of some seconds before; rows are of ticks. So a row is made
// when the sample behind its tick comes: of a counter it has what lies between the samples before and behind
// it, of anything else the sample before. A rate between rows is then that between samples, and a page that
// did not come costs no row and no dip, within the bridge. A counter that fell, or a start that changed,
// begins a life; no row lies between two lives.
#pragma once

#include "storage/history/blocks.hpp"
#include "storage/history/track.hpp"
#include "storage/stats/stats_page.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace storage::stats {

using history::Blocks;
using history::Tick;

// bytes: kept to the page of 4 KiB.
enum class Column : std::uint8_t { bytes, count, counter };

template <std::size_t N>
using Columns = std::array<Column, N>;

// Rows hold one more than the number, 0 for none: at most this.
std::uint64_t most_kept(Column column);

// What the columns of each kind of series are, in the order of the fields in stats_page.hpp.
inline constexpr Columns<5> kNetworkColumns{Column::counter, Column::counter, Column::counter,
                                            Column::counter, Column::count};
// The last: ephemeral storage of a pod.
inline constexpr Columns<5> kMemoryColumns{Column::bytes, Column::bytes, Column::counter, Column::counter,
                                           Column::bytes};
// Of a container of the system; the last: CPU.
inline constexpr Columns<5> kSystemColumns{Column::bytes, Column::bytes, Column::counter, Column::counter,
                                           Column::counter};
inline constexpr Columns<5> kFilesystemColumns{Column::bytes, Column::bytes, Column::bytes, Column::count,
                                               Column::count};
// Of a container: its writable layer, its logs.
inline constexpr Columns<2> kDiskColumns{Column::bytes, Column::bytes};

template <std::size_t N>
struct Sample {
    // By StatsClock.
    Seconds at = 0;
    // As the kubelet told it, and when what is measured started; 0: it did not.
    Seconds told = 0;
    Seconds started = 0;
    std::array<Number, N> values{};
};

// Lengths in seconds.
struct Pace {
    Seconds tick = 60;
    // Ticks of a row of the long tier: some five minutes.
    Tick long_ticks = 5;
    // Samples further apart than this have no rows between them.
    Seconds bridge = 180;
};

template <std::size_t N>
struct Series {
    using Track = history::Track<N, history::SumOfFirst>;

    Track recent;
    // Each row of it is one of the recent tier, at a tick that Pace::long_ticks divides.
    Track longer;
    // The last sample; `at` 0: there was none. Numbers as rows hold them.
    std::array<std::uint64_t, N> values{};
    Seconds at = 0;
    Seconds told = 0;
    Seconds started = 0;
    // The next row of the tier begins a life.
    bool begins_recent = true;
    bool begins_longer = true;

    bool empty() const { return recent.empty() && longer.empty(); }
};

// How many blocks a row, or forgetting, may take.
inline constexpr std::size_t kPutBlocks = 2 * history::kRowBlocks<5> + history::kLeadBlocks<5>;

// Takes a sample. A time that was told before brings nothing. Returns how many rows there was no room for.
template <std::size_t N>
std::size_t put(Series<N>& series, Blocks& blocks, const Columns<N>& columns, const Sample<N>& sample,
                const Pace& pace);

// Forgets rows before these ticks, as far as that frees blocks.
template <std::size_t N>
void drop_before(Series<N>& series, Blocks& blocks, Tick recent, Tick longer);

enum class Tier : std::uint8_t { recent, longer };

struct Row {
    Tick tick = 0;
    Seconds started = 0;
    // Rows of another number are of another life.
    std::uint32_t life = 0;
    std::array<Number, 5> values{};
};

// Rows of ticks from `first` to `last`, oldest first. Of the long tier as of the recent one: ticks of that.
template <std::size_t N>
void read(const Series<N>& series, const Blocks& blocks, const Columns<N>& columns, Tier tier,
          const Pace& pace, Tick first, Tick last, std::vector<Row>& out);

}  // namespace storage::stats
