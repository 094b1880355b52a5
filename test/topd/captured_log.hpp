// SPDX-License-Identifier: Apache-2.0
// What is logged while it lives.
#pragma once

#include "telemetry/log_queue.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

class CapturedLog {
  public:
    // verbosity: as -v. now: unset, the system's.
    explicit CapturedLog(int verbosity = 0, std::function<std::chrono::system_clock::time_point()> now = {}) {
        telemetry::LogEnds ends;
        ends.now = std::move(now);
        ends.write = [this](std::string_view line) {
            // Without the head (severity, time, place) and the newline.
            line.remove_prefix(line.find(']') + 2);
            line.remove_suffix(1);
            lines_.emplace_back(line);
        };
        telemetry::LogOptions options;
        options.verbosity = verbosity;
        telemetry::init(options, std::move(ends));
    }
    ~CapturedLog() { telemetry::shutdown(); }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    // All of them. The log ends with it.
    const std::vector<std::string>& lines() {
        telemetry::shutdown();
        return lines_;
    }

  private:
    // The writer's until the log ends.
    std::vector<std::string> lines_;
};

}  // namespace test
