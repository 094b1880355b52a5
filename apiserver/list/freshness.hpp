// SPDX-License-Identifier: Apache-2.0
// How old the samples are that are given out (metrics-server pkg/api/monitoring.go): one observation for each
// object. It is made for every row of a list, so it must cost next to nothing.
#pragma once

#include "storage/usage.hpp"
#include "telemetry/metrics.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <utility>

namespace apiserver {

class Freshness {
  public:
    using WallClock = std::function<std::chrono::system_clock::time_point()>;
    explicit Freshness(WallClock clock) : clock_{std::move(clock)} {}

    // Once for many rows.
    storage::Nanos now() const {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(clock_().time_since_epoch()).count();
    }
    void observe(storage::Nanos now, storage::Nanos sampled) {
        ages_.observe(std::chrono::nanoseconds{now - sampled});
    }

    const telemetry::Histogram& ages() const { return ages_; }

  private:
    static constexpr std::array<double, 20> kBounds = telemetry::exponential_bounds<20>(1, 1.364);

    WallClock clock_;
    telemetry::Histogram ages_{kBounds};
};

}  // namespace apiserver
