// SPDX-License-Identifier: Apache-2.0
// How long to wait after a failure.
#pragma once

#include "net/task.hpp"

#include <chrono>
#include <random>

namespace net {

struct BackoffOptions {
    // client-go tools/cache/reflector.go.
    std::chrono::milliseconds first{800};
    std::chrono::milliseconds longest{30'000};
    std::chrono::milliseconds healthy_after{120'000};
};

// Doubles from one failure to the next, and begins anew when there was none for `healthy_after`.
class Backoff {
  public:
    Backoff(BackoffOptions options, std::uint32_t seed) : options_{options}, random_{seed} {}

    // A failure happened now. The wait is between half of the present step and the whole, so that many
    // clients of a server that comes back do not come together.
    std::chrono::milliseconds next(Clock::time_point now);

  private:
    BackoffOptions options_;
    std::mt19937 random_;
    std::chrono::milliseconds step_{0};
    Clock::time_point last_failure_{};
};

}  // namespace net
