// SPDX-License-Identifier: Apache-2.0
// The log with its clock, its end and the size of its queue to be chosen: what init() is made of, and the
// tests.
#pragma once

#include "telemetry/log.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace telemetry {

struct LogEnds {
    // Called by the writer's thread, one line at a time, newline included. Unset: stderr.
    std::function<void(std::string_view)> write;
    // Unset: the system's.
    std::function<std::chrono::system_clock::time_point()> now;
    // Lines that wait for the writer; spdlog sets aside some 400 bytes for each.
    std::size_t queue_lines = 1024;
};

void init(const LogOptions& options, LogEnds ends);

}  // namespace telemetry
