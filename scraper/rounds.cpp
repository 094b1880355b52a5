// SPDX-License-Identifier: Apache-2.0
#include "scraper/rounds.hpp"

#include "telemetry/log.hpp"

#include <algorithm>

namespace scraper {

std::vector<double> round_bounds(std::chrono::nanoseconds resolution) {
    std::vector<double> bounds{telemetry::kDefaultBounds.begin(), telemetry::kDefaultBounds.end()};
    const double seconds = std::chrono::duration<double>{resolution}.count();
    const double last = bounds.back();
    if (seconds > last) {
        bounds.insert(bounds.end(), {last + (seconds - last) / 2, seconds, seconds * 1.5, seconds * 2});
        return bounds;
    }
    const auto above = std::upper_bound(bounds.begin(), bounds.end(), seconds);
    const double nearest = bounds.front();
    const bool near_below = above != bounds.begin() && seconds - *(above - 1) < nearest;
    const bool near_above = above == bounds.end() || *above - seconds < nearest;
    if (!near_below && !near_above) bounds.insert(above, seconds);
    return bounds;
}

std::chrono::steady_clock::time_point round_begin(std::chrono::steady_clock::duration resolution,
                                                  std::chrono::steady_clock::time_point now,
                                                  std::chrono::system_clock::time_point wall) {
    const auto since_epoch =
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(wall.time_since_epoch());
    return now - since_epoch % resolution;
}

Rounds::Rounds(Duration resolution)
    : resolution_{resolution}, bounds_{round_bounds(resolution)}, longest_lags_{bounds_} {}

void Rounds::record(Outcome outcome, Duration lag, std::uint64_t& counted) {
    if (outcome == Outcome::page && counted != number_) ++nodes_with_page_, counted = number_;
    longest_lag_ = std::max(longest_lag_.value_or(lag), lag);
}

Rounds::Time Rounds::look(Time now, std::size_t nodes, std::size_t pods) {
    if (now < end_) return end_;
    if (telemetry::verbose(2)) {
        if (end_ != Time{})
            telemetry::info("Scrape finished", {{"nodeCount", nodes_with_page_}, {"podCount", pods}});
        telemetry::info("Scraping metrics from nodes", {{"nodeCount", nodes}});
    }
    if (longest_lag_) longest_lags_.observe(*longest_lag_);
    nodes_with_page_ = 0;
    ++number_;
    longest_lag_.reset();
    end_ = now + resolution_;
    return end_;
}

}  // namespace scraper
