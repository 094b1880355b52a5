// SPDX-License-Identifier: Apache-2.0
// Ticks: the intervals of the clock that all series share, numbered so that they only grow.
#pragma once

#include <cstdint>

namespace storage::history {

// The number of an interval, greater for later ones; TickClock says which time it is.
using Tick = std::uint32_t;

// Unix time.
using Seconds = std::int64_t;

// The clock may be set. Forward: the ticks between are missing. Back: what was before moves back with it,
// since it is as long ago as it was, and nothing comes twice.
class TickClock {
  public:
    // REQUIRES: length > 0.
    explicit TickClock(Seconds length) : length_{length} {}

    // The tick that ends at `now`, rounded; greater than all before.
    Tick advance(Seconds now) {
        const Seconds whole = (now + length_ / 2) / length_;
        if (whole + moved_ <= last_) moved_ = last_ + 1 - whole;
        last_ = whole + moved_;
        return static_cast<Tick>(last_);
    }

    // The end of a tick.
    Seconds time(Tick tick) const { return (tick - moved_) * length_; }
    // The last tick that ends at `time` or before, and the first that ends at it or after.
    Tick at_or_before(Seconds time) const { return clamped(floor_of(sensible(time)) + moved_); }
    Tick at_or_after(Seconds time) const { return clamped(-floor_of(-sensible(time)) + moved_); }
    Seconds length() const { return length_; }
    // Its end in lengths since the epoch: what a tick is by wall time, whatever its number here.
    Seconds since_epoch(Tick tick) const { return tick - moved_; }
    // Goes on behind `last`, ticks from now on having the numbers that since_epoch() told.
    void resume(Tick last) {
        last_ = last;
        moved_ = 0;
    }
    Tick last() const { return static_cast<Tick>(last_); }

  private:
    // Far from all that ticks can be.
    static Seconds sensible(Seconds time) {
        constexpr Seconds kFar = Seconds{1} << 50;
        return time < -kFar ? -kFar : time > kFar ? kFar : time;
    }
    Seconds floor_of(Seconds time) const { return time / length_ - (time % length_ < 0 ? 1 : 0); }
    static Tick clamped(Seconds tick) {
        return tick < 0 ? 0 : tick > UINT32_MAX ? UINT32_MAX : static_cast<Tick>(tick);
    }

    Seconds length_;
    Seconds last_ = 0;
    Seconds moved_ = 0;
};

}  // namespace storage::history
