// SPDX-License-Identifier: Apache-2.0
// How the figures of the simulated cluster move: a sine around a base, whose integral is known exactly.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace sim {

// Nanoseconds since the Unix epoch, or a span of them.
using Nanos = std::int64_t;
inline constexpr Nanos kSecond = 1'000'000'000;
inline constexpr Nanos kNever = INT64_MAX;

// value(t) = base * (1 + swing * sin(2 pi t / period + phase)), t in seconds. 0 <= swing < 1 and base >= 0,
// so the value is never negative and the integral never falls.
struct Wave {
    double base = 0;
    double swing = 0;
    double period_s = 60;
    double phase = 0;

    double value(double t) const { return base * (1 + swing * std::sin(angle(t))); }
    // From 0 to t.
    double integral(double t) const {
        return base *
               (t + swing * period_s / (2 * std::numbers::pi) * (std::cos(phase) - std::cos(angle(t))));
    }

  private:
    double angle(double t) const { return 2 * std::numbers::pi * t / period_s + phase; }
};

}  // namespace sim
