// SPDX-License-Identifier: Apache-2.0
// By how much a total rises from page to page, and how fast it does.
#pragma once

#include "storage/usage.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace storage::applications {

struct Increase {
    double total = 0;
    // Of a mean: how many were counted.
    double count = 0;
};

// Between the first and the last point of the window.
struct Rise {
    Increase by;
    std::chrono::nanoseconds distance{0};
};

class Points {
  public:
    struct Options {
        std::chrono::nanoseconds window;
        // A point that is nearer to the one before is left out: it would say nothing but noise.
        std::chrono::nanoseconds least;
    };

    // Since the page before; it counts from the next point on.
    void add(const Increase& increase);
    // A point, with all that was added since the one before. The first one that is kept is at most a window
    // old, and a half `least` more; where pages were missing, up to two windows.
    void mark(Monotonic at, const Options& options);
    // nullopt: there are not two points.
    std::optional<Rise> rise() const;
    void clear();
    std::size_t size() const { return points_.size(); }
    std::size_t bytes() const { return points_.capacity() * sizeof(Point); }

  private:
    // Each has its own increase, and not the total: beside one that is out of all proportion those that come
    // after it would be lost in a double, for ever.
    struct Point {
        Monotonic at;
        Increase since_before;
    };

    std::vector<Point> points_;
    Increase since_last_;
};

// Thousandths, rounded half away from zero. Within +-9.2e15: autoscalers add up those of all pods in 64 bits,
// so a thousand pods at the bound still fit.
std::int64_t milli_of(double value);
inline constexpr std::int64_t kMostMilli = 9'200'000'000'000'000;

}  // namespace storage::applications
