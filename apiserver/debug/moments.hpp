// SPDX-License-Identifier: Apache-2.0
// Times and ages for people: one look at both clocks, so that all of one answer agree.
#pragma once

#include "storage/usage.hpp"

#include <chrono>
#include <string>

namespace apiserver {

struct Moments {
    std::chrono::system_clock::time_point wall;
    storage::Monotonic monotonic;

    // What the wall clock showed at a moment of our own clock.
    storage::Nanos wall_time(storage::Monotonic then) const;
    // The age of a sample, by the kubelet's clock against ours: may be negative.
    std::chrono::nanoseconds age(storage::Nanos sampled) const;
};

// 2026-11-22T15:31:18.250Z
std::string time_text(storage::Nanos at);
// Cut to whole seconds, or to milliseconds, as Go prints durations: 1m5s, 12ms.
std::string seconds_text(std::chrono::nanoseconds duration);
std::string milliseconds_text(std::chrono::nanoseconds duration);

}  // namespace apiserver
