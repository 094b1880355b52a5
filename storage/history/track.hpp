// SPDX-License-Identifier: Apache-2.0
// Rows of numbers over time, compressed as they are written, some bits a number: each row is told by its
// distance to the one before it. Distances are exact, so errors do not add up.
#pragma once

#include "storage/history/bits.hpp"
#include "storage/history/precision.hpp"
#include "storage/history/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace storage::history {

// What the total of a track adds for a row: its first number,
struct SumOfFirst {
    static std::uint64_t of(std::uint64_t first, Tick) { return first; }
};
// or, where that is a cpu_code, the units, also for each tick that was missed before it.
struct SumOfUnits {
    static std::uint64_t of(std::uint64_t first, Tick missed) {
        return cpu_units(first) * (std::uint64_t{1} + missed);
    }
};

// A row is a life (maybe), a distance and the numbers. Lowest bit first:
//   01  + 64 bits            a life begins, and when it started
//   0                        the tick after the last
//   11  + 5 bits + so many   so many ticks were missed
inline constexpr unsigned kLengthBits = 5;

// What the next row is coded by.
template <std::size_t N>
struct TrackState {
    std::array<std::uint64_t, N> values{};
    // Of the last row. 0: none.
    Tick tick = 0;
    std::array<RiceState, N> rice{};
};

// What a row may take at most: marks, a life, a distance, numbers.
template <std::size_t N>
inline constexpr std::size_t kRowBlocks = 2 + (4 + 64 + 40 + N * (kRiceUnary + 6 + 64)) / Block::kBits;

// What is before the first row, a number and what it was coded by for each column included, may take.
template <std::size_t N>
inline constexpr std::size_t kLeadBlocks = 1 + (9 + 32 + 64 + 64 + N * (64 + 8)) / Block::kBits;

// What was before the first row: the last tick, and what the life had by then.
struct TrackLead {
    Tick tick = 0;
    std::uint64_t started = 0;
    std::uint64_t total = 0;
};

template <std::size_t N>
struct TrackRow {
    std::array<std::uint64_t, N> values{};
    Tick tick = 0;
    // Ticks of its life without a row since the row before it.
    Tick missed = 0;
    // The life it belongs to: when it started, whatever the owner says, and which it is of those that were
    // read.
    std::uint64_t started = 0;
    std::uint32_t life = 0;
    // The sum over the rows of its life up to this one.
    std::uint64_t total = 0;
};

template <std::size_t N, class Sum>
class TrackReader;

template <std::size_t N, class Sum>
class Track {
  public:
    bool empty() const { return first_ == kNoBlock; }
    // Of the newest row.
    Tick newest() const { return state_.tick; }

    // REQUIRES: kRowBlocks<N> blocks are free; tick > newest(). A life begins with the row: when it started.
    void append(Blocks& blocks, Tick tick, const std::array<std::uint64_t, N>& values,
                std::optional<std::uint64_t> new_life);

    // The first row will go on with a life of which there are no rows. REQUIRES: it is empty; kLeadBlocks<N>
    // blocks are free; a row is appended before anything else.
    void begin(Blocks& blocks, const TrackLead& lead);

    // Forgets what is older than `tick` as far as that frees blocks: some older rows stay. REQUIRES:
    // kRowBlocks<N> blocks are free.
    void drop_before(Blocks& blocks, Tick tick);
    void clear(Blocks& blocks);

    // Fetches what the next append() writes to.
    void expect(const Blocks& blocks) const {
        if (end_.block != kNoBlock) __builtin_prefetch(&blocks[end_.block], 1);
    }

    TrackReader<N, Sum> read(const Blocks& blocks) const { return {blocks, *this}; }

  private:
    friend class TrackReader<N, Sum>;

    // `first_bit`: where the first row begins in its block.
    void write_lead(Blocks& blocks, unsigned first_bit, const TrackLead& lead, const TrackState<N>& state);

    TrackState<N> state_;
    BitPlace end_;
    BlockId first_ = kNoBlock;
    // Holds what the reader has to know before the first row that is kept. kNoBlock: none was dropped.
    BlockId lead_ = kNoBlock;
};

// Rows from the oldest to the newest. Valid until the track changes.
template <std::size_t N, class Sum>
class TrackReader {
  public:
    TrackReader(const Blocks& blocks, const Track<N, Sum>& track);

    // False: there is none left. Else row() is the next.
    bool next();
    const TrackRow<N>& row() const { return row_; }

  private:
    friend class Track<N, Sum>;

    BitReader bits_;
    TrackRow<N> row_;
    std::array<RiceState, N> rice_{};
    BitPlace end_;
};

// Here, and inlined by force: readers decode millions of rows, and a call would keep their state in memory.
template <std::size_t N, class Sum>
[[gnu::always_inline]] inline bool TrackReader<N, Sum>::next() {
    const BitPlace at = bits_.place();
    if (at.block == end_.block && at.bit == end_.bit) return false;
    bool distant = bits_.take(1) != 0;
    row_.missed = 0;
    const bool new_life = distant && bits_.take(1) == 0;
    if (new_life) {
        row_.started = bits_.take(64);
        row_.total = 0;
        ++row_.life;
        distant = bits_.take(1) != 0;
        if (distant) bits_.take(1);
    }
    if (distant) {
        const auto length = static_cast<unsigned>(bits_.take(kLengthBits)) + 1;
        row_.missed = static_cast<Tick>(bits_.take(length));
    }
    row_.tick += row_.missed + 1;
    if (new_life) row_.missed = 0;
    for (std::size_t i = 0; i < N; ++i) row_.values[i] += unzigzag(bits_.take_rice(rice_[i]));
    row_.total += Sum::of(row_.values[0], row_.missed);
    return true;
}

}  // namespace storage::history
