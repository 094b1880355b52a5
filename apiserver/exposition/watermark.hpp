// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace apiserver {

// How many are under way, and the most there were in the last second that has ended
// (k8s.io/apiserver, pkg/server/filters/maxinflight.go, requestWatermark). Time comes in as an argument.
class Watermark {
  public:
    using Time = std::chrono::steady_clock::time_point;

    void begin(Time now) {
        turn(now);
        most_ = std::max(most_, ++under_way_);
    }
    void end(Time now) {
        turn(now);
        --under_way_;
    }
    std::size_t last_second(Time now) {
        turn(now);
        return last_;
    }

  private:
    static constexpr std::chrono::seconds kSecond{1};

    void turn(Time now) {
        if (now - second_ < kSecond) return;
        // In a second in which nothing began or ended, the count stays what it was at its start.
        last_ = now - second_ < 2 * kSecond ? most_ : under_way_;
        most_ = under_way_;
        second_ = now;
    }

    Time second_{};
    std::size_t under_way_ = 0;
    std::size_t most_ = 0;
    std::size_t last_ = 0;
};

}  // namespace apiserver
