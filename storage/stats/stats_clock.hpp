// SPDX-License-Identifier: Apache-2.0
// A clock that never goes back, though the wall clock may be set.
#pragma once

#include <algorithm>
#include <cstdint>

namespace storage::stats {

// Set forward, the time between is missing. Set back by a tick or more, what was before moves back with it,
// since it is as long ago as it was; less than that stands still until it is made up.
class StatsClock {
  public:
    // Unix time in seconds, as all that follows. REQUIRES: tick > 0.
    explicit StatsClock(std::int64_t tick) : tick_{tick} {}

    // What this clock shows at `now`.
    std::int64_t advance(std::int64_t now) {
        const std::int64_t behind = now_ - (now + moved_);
        if (behind >= tick_) moved_ += (behind + tick_ - 1) / tick_ * tick_;
        now_ = std::max(now_, now + moved_);
        return now_;
    }

    // As shown last.
    std::int64_t now() const { return now_; }
    // How much later than the wall clock it is: whole ticks, never less than before.
    std::int64_t moved() const { return moved_; }
    // Goes on where another stood.
    void resume(std::int64_t now, std::int64_t moved) {
        now_ = now;
        moved_ = moved;
    }
    // Wall time as it is counted now, and back. Whole ticks stay whole.
    std::int64_t wall_of(std::int64_t shown) const { return shown - moved_; }
    std::int64_t shown_at(std::int64_t wall) const { return wall + moved_; }

  private:
    std::int64_t tick_;
    std::int64_t now_ = 0;
    std::int64_t moved_ = 0;
};

}  // namespace storage::stats
