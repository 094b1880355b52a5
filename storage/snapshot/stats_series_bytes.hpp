// SPDX-License-Identifier: Apache-2.0
// One series of what kubelets told as bytes: its rows by their distance to the one before, and the last
// sample, so that the next row lies between that and the next.
#pragma once

#include "storage/snapshot/bytes.hpp"
#include "storage/stats/stats_series.hpp"

#include <cstddef>
#include <cstdint>

namespace storage::snapshot {

// No time that is read is later, Unix time.
inline constexpr stats::Seconds kLastSecond = stats::Seconds{1} << 40;

// The rows of a tier that are kept: from `first`, in its own numbers.
struct StatsRowsKept {
    stats::Tick recent = 0;
    stats::Tick longer = 0;
};
template <std::size_t N>
void put_series(Bytes& bytes, const stats::Series<N>& series, const stats::Blocks& blocks,
                const StatsRowsKept& kept);

struct StatsTarget {
    stats::Blocks& blocks;
    StatsRowsKept kept{};
    // What is later is wrong: the newest rows, and the moment of a sample (by StatsClock).
    stats::Tick last_recent = 0;
    stats::Tick last_longer = 0;
    stats::Seconds last_sample = 0;
    // Tiers that were told at other ticks are left out.
    bool takes_recent = true;
    bool takes_longer = true;
    // Tiers for which there was no room.
    std::uint64_t refused = 0;
};
// Null: the bytes of one are passed over. REQUIRES: the series is as one that was never put to. Whether the
// bytes were right: if not, `bytes` has failed, and the series is as it was.
template <std::size_t N>
bool take_series(BytesReader& bytes, stats::Series<N>* series, const stats::Columns<N>& columns,
                 StatsTarget& target);

}  // namespace storage::snapshot
