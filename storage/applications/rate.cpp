// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/rate.hpp"

#include <algorithm>
#include <cmath>

namespace storage::applications {

void Points::add(const Point& point, const Options& options) {
    if (!points_.empty() && point.at - points_.back().at < options.least) return;
    points_.push_back(point);
    const auto is_too_old = [&](const Point& each, std::chrono::nanoseconds bound) {
        return point.at - each.at > bound;
    };
    auto keep = points_.begin();
    const auto last_but_one = points_.end() - std::min<std::ptrdiff_t>(2, std::ssize(points_));
    while (keep != last_but_one && is_too_old(*keep, options.window + options.least / 2)) ++keep;
    if (is_too_old(*keep, 2 * options.window)) ++keep;
    points_.erase(points_.begin(), keep);
}

std::optional<Rise> Points::rise() const {
    if (points_.size() < 2) return std::nullopt;
    const Point& first = points_.front();
    const Point& last = points_.back();
    return Rise{last.total - first.total, last.count - first.count, last.at - first.at};
}

std::int64_t milli_of(double value) {
    constexpr auto kMost = static_cast<double>(kMostMilli);
    return static_cast<std::int64_t>(std::clamp(std::round(value * 1000), -kMost, kMost));
}

}  // namespace storage::applications
