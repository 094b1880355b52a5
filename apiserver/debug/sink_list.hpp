// SPDX-License-Identifier: Apache-2.0
// How far each sink is, and why one does not go on: /debug/sinks.
#pragma once

#include "apiserver/debug/moments.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace apiserver {

// A sink as its owner tells it. Times are Unix time in seconds, 0: none.
struct SinkState {
    // Without what its options hold.
    std::string name;
    // The newest tick that was read of history, and the oldest that waits to be sent.
    std::int64_t told = 0;
    std::int64_t oldest = 0;
    // Seconds.
    std::int64_t lag = 0;
    // Points.
    std::uint64_t sent = 0;
    std::uint64_t waiting = 0;
    std::uint64_t dropped = 0;
    std::uint64_t lost_ticks = 0;
    std::uint64_t retries = 0;
    std::vector<std::pair<std::string, std::uint64_t>> refused;
    // Why nothing goes on; empty: it does.
    std::string trouble;
};

std::string sinks_json(const std::vector<SinkState>& sinks, const Moments& now);
std::string sinks_text(const std::vector<SinkState>& sinks, const Moments& now);

}  // namespace apiserver
