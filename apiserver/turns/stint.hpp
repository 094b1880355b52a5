// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/task.hpp"
#include "net/yield.hpp"

#include <chrono>

namespace apiserver {

// How long one answer works before others run: `if (stint.is_over()) co_await stint.rest();` after each small
// piece of work.
class Stint {
  public:
    static constexpr std::chrono::microseconds kLength{500};

    bool is_over() const { return net::Clock::now() - began_ >= kLength; }
    void renew() { began_ = net::Clock::now(); }
    // Lets others run, and renews.
    net::Task<> rest() {
        co_await net::yield();
        renew();
    }

  private:
    net::Clock::time_point began_ = net::Clock::now();
};

}  // namespace apiserver
