// SPDX-License-Identifier: Apache-2.0
// Lines that anybody outside can bring about, at a bounded rate.
#pragma once

#include "net/task.hpp"

#include <cstdint>
#include <utility>

namespace net {

class LogPace {
  public:
    static constexpr int kEachSecond = 10;

    // Whether another line may be written; when not, it counts as left out.
    bool allows(Clock::time_point now) {
        if (now - second_ >= std::chrono::seconds{1}) {
            second_ = now;
            written_ = 0;
        }
        if (written_ == kEachSecond) {
            ++left_out_;
            return false;
        }
        ++written_;
        return true;
    }
    // How many were left out since it was last asked.
    std::uint64_t take_left_out() { return std::exchange(left_out_, 0); }

  private:
    Clock::time_point second_{};
    int written_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace net
