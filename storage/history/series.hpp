// SPDX-License-Identifier: Apache-2.0
// The history of one thing (a container, a node, or a sum of them): two tiers, fed tick by tick.
#pragma once

#include "storage/history/blocks.hpp"
#include "storage/history/shelf.hpp"
#include "storage/history/time.hpp"
#include "storage/history/track.hpp"
#include "storage/usage.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace storage::history {

// The usage of a thing in a tick.
struct Figures {
    // Nanocores.
    std::uint64_t cpu = 0;
    // Bytes.
    std::uint64_t memory = 0;
    // Bytes; nullopt: not reported.
    std::optional<std::uint64_t> swap;
};

// The recent tier: CPU (cpu_code), memory (pages).
using RecentTrack = Track<2, SumOfUnits>;
// The long tier: a row for each bucket of ticks.
using LongTrack = Track<5, SumOfFirst>;
namespace column {
// CPU of the present life over the ticks that count, in units times ticks, and how many ticks those are: with
// each tick go those that were missed before it.
inline constexpr std::size_t kGrowth = 0, kCovered = 1;
// The greatest (cpu_code).
inline constexpr std::size_t kCpuMax = 2;
// Pages: the mean over ticks that had a row, and the greatest.
inline constexpr std::size_t kMemoryMean = 3, kMemoryMax = 4;
}  // namespace column

// What a bucket that is not over has so far. number == 0: nothing.
struct OpenBucket {
    Tick number = 0;
    std::uint32_t covered = 0;
    std::uint64_t growth = 0;
    // Bytes.
    std::uint64_t memory_sum = 0;
    std::uint64_t memory_max = 0;
    // cpu_code
    std::uint16_t cpu_max = 0;
    std::uint16_t rows = 0;
    // Of these reported swap.
    std::uint16_t swap_rows = 0;
    // The life of the series began in it.
    bool new_life = false;

    std::array<std::uint64_t, 5> row() const;
};

// Swap has tracks of its own, in pages; of the long tier the mean and the greatest. Most kubelets do not
// report it, or report nothing but zeros: those have no tracks, a series knows only since when there are
// zeros.
struct SwapSeries {
    Track<1, SumOfFirst> recent;
    Track<2, SumOfFirst> longer;
    // The tick and the bucket in which the zeros before the first rows ended.
    Tick zeros_to = 0;
    Tick zero_buckets_to = 0;
    // Of the open bucket.
    std::uint64_t sum = 0;
    std::uint64_t max = 0;

    bool empty() const { return recent.empty() && longer.empty(); }
};

struct Series {
    RecentTrack recent;
    OpenBucket open;
    // The present life: when it started (as told), and its number by who feeds it.
    std::uint64_t started = 0;
    std::uint8_t life = kUnknownLife;
    std::uint32_t swap = kNowhere;
    // Since when each row has had a swap of zero; up to where, if not still, is with the swap. 0: there are
    // no such rows.
    Tick zeros_from = 0;
    Tick zero_buckets_from = 0;
    LongTrack longer;

    static constexpr std::uint8_t kUnknownLife = UINT8_MAX;

    bool empty() const { return recent.empty() && longer.empty() && open.number == 0; }
};

// What all series share.
struct SeriesRoom {
    Blocks blocks;
    Shelf<SwapSeries> swaps;
    // No life that has rows before this tick alone goes on.
    Tick lives_from = 0;
};

// The swap of the open bucket; null: it has none.
std::optional<std::array<std::uint64_t, 2>> open_swap(const Series& series, const SwapSeries* swap);

// How many blocks putting figures may take.
inline constexpr std::size_t kPutBlocks = kRowBlocks<2> + kRowBlocks<5> + kRowBlocks<1> + kRowBlocks<2>;

// Which life figures belong to. `number` changes with each; `started` as it was told, 0: unknown.
struct Life {
    std::uint8_t number = 0;
    std::uint64_t started = 0;
};

// REQUIRES: kPutBlocks are free; tick is newer than all before, bucket not older.
void put(Series& series, SeriesRoom& room, Tick tick, Tick bucket, const Figures& figures, Life life);
// Writes what is open of buckets before `bucket`. REQUIRES: as put().
void close_bucket(Series& series, SeriesRoom& room, Tick bucket);
// Forgets what is older, as far as that frees blocks.
void drop_before(Series& series, SeriesRoom& room, Tick tick, Tick bucket);
void clear(Series& series, SeriesRoom& room);

}  // namespace storage::history
