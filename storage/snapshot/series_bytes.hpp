// SPDX-License-Identifier: Apache-2.0
// One series of history as bytes: each row by its distance to the one before it, and what a tier has to know
// before its first row, so that totals are read as they were.
#pragma once

#include "storage/history/series.hpp"
#include "storage/history/time.hpp"
#include "storage/snapshot/bytes.hpp"

#include <cstdint>

namespace storage::snapshot {

// Ticks and buckets are told in lengths since the epoch. Behind this no history is read, so that there are
// numbers left for what comes.
inline constexpr history::Tick kLastNumber = 3'750'000'000;

struct SeriesSource {
    const history::SeriesRoom& room;
    const history::TickClock& ticks;
    const history::TickClock& buckets;
    // Older rows are left out.
    history::Tick first_tick = 0;
    history::Tick first_bucket = 0;
};
void put_series(Bytes& bytes, const history::Series& series, const SeriesSource& source);

struct SeriesTarget {
    history::SeriesRoom& room;
    // What is outside is left out, or (behind the last) wrong.
    history::Tick first_tick = 0;
    history::Tick last_tick = 0;
    history::Tick first_bucket = 0;
    history::Tick last_bucket = 0;
    // The lengths of ticks then and now. If they differ the recent tier is left out, since its rows lie
    // between ticks. The long one keeps its means; what a counter gained in a bucket is rounded to whole
    // ticks of now.
    history::Seconds told_tick = 1;
    history::Seconds tick = 1;
    // Tiers for which there was no room.
    std::uint64_t refused = 0;
};
// Null: the bytes of one are passed over. REQUIRES: the series is empty. Whether the bytes were right: if
// not, `bytes` has failed, and the series is empty.
bool take_series(BytesReader& bytes, history::Series* series, SeriesTarget& target);

}  // namespace storage::snapshot
