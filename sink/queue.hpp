// SPDX-License-Identifier: Apache-2.0
// Batches that wait to be sent, oldest first, within a bound of bytes. When that is reached the oldest tick
// goes, as a whole.
#pragma once

#include "net/task.hpp"
#include "sink/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sink {

struct Waiting {
    std::size_t batches = 0;
    std::uint64_t points = 0;
    std::size_t bytes = 0;
    // The oldest tick; 0: none waits.
    Seconds oldest = 0;
    // Points that had to go unsent, ever.
    std::uint64_t dropped = 0;
    // A queue on disk: what could not be written or read; 0 elsewhere.
    std::uint64_t failures = 0;
};

class Queue {
  public:
    virtual ~Queue() = default;

    // Behind all others. REQUIRES: ticks come in their order, the batches of one by number, the last one
    // said to be so.
    virtual net::Task<> push(Batch batch) = 0;
    // The oldest batch whose tick is there as a whole, valid until pop() or a push() that drops it; null:
    // there is none.
    virtual net::Task<const Batch*> front() = 0;
    // Lets go of what front() gave: it is done with. Nothing when that had to go already.
    virtual net::Task<> pop() = 0;

    // The newest tick that is, or was, there as a whole; 0: none. A queue on disk knows it of earlier runs.
    virtual Seconds newest_tick() const = 0;
    virtual Waiting waiting() const = 0;
};

}  // namespace sink
