// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apiserver/debug/application_page.hpp"
#include "apiserver/debug/node_scrape.hpp"
#include "apiserver/debug/sink_list.hpp"

#include <chrono>
#include <functional>
#include <vector>

namespace apiserver {

struct DebugOptions {
    // Without them there is no such path.
    ScrapeReports reports;
    // Without it there are none.
    std::function<std::vector<SinkState>()> sinks;
    ApplicationReports applications;
    std::function<std::chrono::system_clock::time_point()> wall_clock = std::chrono::system_clock::now;
    std::function<std::chrono::steady_clock::time_point()> monotonic_clock = std::chrono::steady_clock::now;
};

}  // namespace apiserver
