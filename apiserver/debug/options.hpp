// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apiserver/debug/node_scrape.hpp"

#include <chrono>
#include <functional>

namespace apiserver {

struct DebugOptions {
    // Without them there is no such path.
    ScrapeReports reports;
    std::function<std::chrono::system_clock::time_point()> wall_clock = std::chrono::system_clock::now;
    std::function<std::chrono::steady_clock::time_point()> monotonic_clock = std::chrono::steady_clock::now;
};

}  // namespace apiserver
