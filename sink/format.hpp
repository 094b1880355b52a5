// SPDX-License-Identifier: Apache-2.0
// How a sink writes the rows of a tick.
#pragma once

#include "sink/batch.hpp"
#include "sink/row.hpp"

#include <cstddef>

namespace sink {

class Format {
  public:
    virtual ~Format() = default;

    // Rows of this tick follow. What was added before and not taken is gone.
    virtual void begin(const TickSpan& tick) = 0;
    // Appends the row's points, possibly none.
    virtual void add(const Row& row) = 0;

    // What was added and not yet taken: points, and about how many bytes it holds.
    virtual std::size_t points() const = 0;
    virtual std::size_t bytes() const = 0;
    // All of it: points and body; the other fields are the caller's. REQUIRES: points() > 0.
    virtual Batch take() = 0;
};

}  // namespace sink
