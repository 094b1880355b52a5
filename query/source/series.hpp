// SPDX-License-Identifier: Apache-2.0
// Where queries find their series: implemented by who has them.
#pragma once

#include "query/source/labels.hpp"
#include "query/source/matcher.hpp"

#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace query {

// Unix time in milliseconds.
using Millis = std::int64_t;

struct Sample {
    Millis at = 0;
    double value = 0;
};

// The value that says: the series has ended here. A NaN of its own.
inline const double kStale = std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
inline bool is_stale(double value) {
    return std::bit_cast<std::uint64_t>(value) == 0x7ff0000000000002;
}

// Both ends count.
struct MillisRange {
    Millis from = 0;
    Millis to = 0;
};

enum class Advance {
    // It stands on a series.
    series,
    end,
    // Enough for one turn: the event loop first, then call next() again.
    pause,
};

// A walk over series. What they are made of may change between calls that are turns of the event loop apart:
// a walk goes on by key then, and tells a series at most once, and one that was there throughout always.
class SeriesCursor {
  public:
    virtual ~SeriesCursor() = default;

    virtual Advance next() = 0;
    // Of the series it stands on. REQUIRES: next() said series, in this turn of the event loop.
    virtual void labels(Labels& out) const = 0;
    // Its samples in the range, oldest first, at distinct times. Replaces `out`.
    virtual void samples(std::vector<Sample>& out) const = 0;
};

class SeriesSource {
  public:
    virtual ~SeriesSource() = default;

    // Series that may match and may have samples in the range. Others may be among them: matchers are tried
    // again by who asks, so an index need not know all of them; Matcher::literals() and equal_value() are for
    // it. No two series have the same labels. `matchers` and the source must outlive the cursor.
    virtual std::unique_ptr<SeriesCursor> select(std::span<const Matcher> matchers,
                                                 MillisRange range) const = 0;
};

}  // namespace query
