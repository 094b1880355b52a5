// SPDX-License-Identifier: Apache-2.0
// Lines that anybody outside can bring about, at a bounded rate.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>

namespace telemetry {

// Safe to use from any thread.
class LogPace {
  public:
    using Time = std::chrono::system_clock::time_point;
    static constexpr int kEachSecond = 10;

    // Whether another line may be written; when not, it counts as left out.
    bool allows(Time now) {
        const std::lock_guard lock{mutex_};
        if (is_over(now)) {
            second_ = now;
            written_ = 0;
        }
        if (written_ < kEachSecond) return ++written_ > 0;
        ++left_out_;
        return false;
    }
    // How many were left out since it was last asked; none before the second is over.
    std::uint64_t take_left_out(Time now) {
        const std::lock_guard lock{mutex_};
        return is_over(now) ? std::exchange(left_out_, 0) : 0;
    }
    // The same in the middle of a second.
    std::uint64_t take_all_left_out() {
        const std::lock_guard lock{mutex_};
        return std::exchange(left_out_, 0);
    }

  private:
    // A clock that was set back begins anew.
    bool is_over(Time now) const { return now < second_ || now - second_ >= std::chrono::seconds{1}; }

    std::mutex mutex_;
    Time second_{};
    int written_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace telemetry
