// SPDX-License-Identifier: Apache-2.0
// Batches that wait to be sent, oldest first, within a bound of bytes.
#pragma once

#include "net/task.hpp"
#include "sink/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace sink {

struct Waiting {
    std::size_t batches = 0;
    std::uint64_t points = 0;
    std::size_t bytes = 0;
    // The oldest tick; 0: none waits.
    Seconds oldest = 0;
    // Points that had to go unsent, ever: only a queue that is never full drops any, the oldest first.
    std::uint64_t dropped = 0;
    // A queue on disk: what could not be written or read; 0 elsewhere.
    std::uint64_t failures = 0;
};

class Queue {
  public:
    virtual ~Queue() = default;

    // Reads what an earlier run left, once, first. Empty, or why it cannot: it works all the same, in memory.
    virtual net::Task<std::string> open() { co_return std::string{}; }
    // Behind all others. REQUIRES: it is not full; ticks come in their order, the batches of one by number,
    // the last one said to be so.
    virtual net::Task<> push(Batch batch) = 0;
    // Whether who pushes has to wait until there is less.
    virtual bool full() const { return false; }
    // The oldest batch, valid until pop(), or a push() that drops it; null: there is none that may go yet.
    virtual net::Task<const Batch*> front() = 0;
    // Whether an earlier run of this process may have sent what front() gave, and was killed before it knew.
    // A queue in memory has nothing of an earlier run.
    virtual bool front_may_be_sent() const { return false; }
    // Lets go of what front() gave: it is done with. Nothing when that had to go already.
    virtual net::Task<> pop() = 0;

    // Of a queue that outlives the process: the newest tick that it keeps, or kept, as a whole on its disk;
    // 0: none.
    virtual Seconds kept_to() const { return 0; }
    virtual Waiting waiting() const = 0;
};

}  // namespace sink
