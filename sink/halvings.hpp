// SPDX-License-Identifier: Apache-2.0
// How many requests a tick of which something is not wanted may cost.
//
// A batch of N points with one bad one takes log2(N) halvings until that stands alone, and each of them is
// followed by a half that is taken. When all are bad, as when a whole tick is too old for its receiver, no
// half is, and 2 N requests would tell nothing new. So a tick begins with kFirst halvings, each half that is
// taken gives kMore, and none has more than kMost: who is all bad costs 2 kFirst + 1 requests, and no tick
// more than 2 kMost beyond its batches. What cannot be halved any more is refused as it is.
#pragma once

#include "sink/row.hpp"

#include <algorithm>

namespace sink {

class Halvings {
  public:
    // Batches of 2^16 points are halved down to one.
    static constexpr int kFirst = 16;
    static constexpr int kMore = 2;
    static constexpr int kMost = 256;

    // Whether a batch of this tick may be halved, which then counts.
    bool may_halve(Seconds tick) {
        begin(tick);
        if (left_ == 0 || used_ == kMost) return false;
        --left_;
        ++used_;
        return true;
    }
    // A half of this tick was taken.
    void taken(Seconds tick) {
        begin(tick);
        left_ = std::min(left_ + kMore, kMost);
    }

  private:
    void begin(Seconds tick) {
        if (tick == tick_) return;
        tick_ = tick;
        left_ = kFirst;
        used_ = 0;
    }

    Seconds tick_ = 0;
    int left_ = kFirst;
    int used_ = 0;
};

}  // namespace sink
