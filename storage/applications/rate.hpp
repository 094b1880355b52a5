// SPDX-License-Identifier: Apache-2.0
// A rising total at the times of its pages, and how fast it rises.
#pragma once

#include "storage/usage.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace storage::applications {

struct Point {
    Monotonic at;
    double total = 0;
    // Of a mean: how many were counted.
    double count = 0;
};

// Between the first and the last point of the window.
struct Rise {
    double total = 0;
    double count = 0;
    std::chrono::nanoseconds distance{0};
};

class Points {
  public:
    struct Options {
        std::chrono::nanoseconds window;
        // A point that is nearer to the one before is left out: it would say nothing but noise.
        std::chrono::nanoseconds least;
    };

    // The first point that is kept is at most a window old, and a half `least` more; where pages were
    // missing, up to two windows.
    void add(const Point& point, const Options& options);
    // nullopt: there are not two points.
    std::optional<Rise> rise() const;
    void clear() { points_ = std::vector<Point>{}; }
    std::size_t size() const { return points_.size(); }
    std::size_t bytes() const { return points_.capacity() * sizeof(Point); }

  private:
    std::vector<Point> points_;
};

// Thousandths, rounded half away from zero. Within +-9.2e15: autoscalers add up those of all pods in 64 bits,
// so a thousand pods at the bound still fit.
std::int64_t milli_of(double value);
inline constexpr std::int64_t kMostMilli = 9'200'000'000'000'000;

}  // namespace storage::applications
