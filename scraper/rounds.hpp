// SPDX-License-Identifier: Apache-2.0
// The scrapes of one resolution interval after another, seen together: what metrics-server measures and logs
// of its ticks. Nothing waits for the end of a round. Time comes in as an argument.
#pragma once

#include "telemetry/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace scraper {

// The default bounds with some around the resolution (metrics-server pkg/utils/monitoring.go).
std::vector<double> round_bounds(std::chrono::nanoseconds resolution);

// A moment at which a round begins: by the wall clock, so that replicas scrape a node at the same time and
// see the same samples. Ask once, so that a clock that jumps moves nothing.
std::chrono::steady_clock::time_point round_begin(std::chrono::steady_clock::duration resolution,
                                                  std::chrono::steady_clock::time_point now,
                                                  std::chrono::system_clock::time_point wall);

class Rounds {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;

    explicit Rounds(Duration resolution);

    // A scrape that was due `lag` ago has ended and was stored, if there was a page. `counted` is kept with
    // the node, 0 at first: a node that was asked several times in a round counts once.
    enum class Outcome { page, failure };
    void record(Outcome outcome, Duration lag, std::uint64_t& counted);

    // Ends the round if its time is over, logs that and how much there is now, and returns when to look
    // again.
    Time look(Time now, std::size_t nodes, std::size_t pods);

    // The longest lag of each round with a scrape: how far its slowest node was behind, from when it was due
    // to when it was stored or had failed (docs/decisions/0012-metrics.md).
    const telemetry::Histogram& longest_lags() const { return longest_lags_; }

  private:
    Duration resolution_;
    std::vector<double> bounds_;
    telemetry::Histogram longest_lags_;
    Time end_{};
    // The state of the round that runs.
    std::uint64_t number_ = 1;
    std::size_t nodes_with_page_ = 0;
    std::optional<Duration> longest_lag_;
};

}  // namespace scraper
