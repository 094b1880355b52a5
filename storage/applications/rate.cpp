// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/rate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace storage::applications {

void Points::add(const Increase& increase) {
    since_last_.total += increase.total;
    since_last_.count += increase.count;
}

void Points::clear() {
    points_ = std::vector<Point>{};
    since_last_ = {};
}

void Points::mark(Monotonic at, const Options& options) {
    if (!points_.empty() && at - points_.back().at < options.least) return;
    points_.push_back({at, std::exchange(since_last_, {})});
    const auto is_too_old = [&](const Point& each, std::chrono::nanoseconds bound) {
        return at - each.at > bound;
    };
    auto keep = points_.begin();
    const auto last_but_one = points_.end() - std::min<std::ptrdiff_t>(2, std::ssize(points_));
    while (keep != last_but_one && is_too_old(*keep, options.window + options.least / 2)) ++keep;
    if (is_too_old(*keep, 2 * options.window)) ++keep;
    points_.erase(points_.begin(), keep);
}

std::optional<Rise> Points::rise() const {
    if (points_.size() < 2) return std::nullopt;
    Rise rise{{}, points_.back().at - points_.front().at};
    for (auto each = points_.begin() + 1; each != points_.end(); ++each) {
        rise.by.total += each->since_before.total;
        rise.by.count += each->since_before.count;
    }
    return rise;
}

std::int64_t milli_of(double value) {
    constexpr auto kMost = static_cast<double>(kMostMilli);
    return static_cast<std::int64_t>(std::clamp(std::round(value * 1000), -kMost, kMost));
}

}  // namespace storage::applications
