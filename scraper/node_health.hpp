// SPDX-License-Identifier: Apache-2.0
// How scraping one node goes, and when that is worth a log line. Time comes in as an argument.
#pragma once

#include "scraper/failure.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace scraper {

// pending: not scraped yet. The order is ScraperStats'.
enum class NodeState : std::uint8_t { pending, ok, failing, unsupported };

// A node is logged when its state changes, and a failing one every kRemindAfter, not in each round. Failures
// of a node that is not Ready are expected: they are counted, and said once it is Ready and still fails.
class NodeHealth {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes kRemindAfter{10};

    // What to log. `unsupported` comes once until the node has been scraped well.
    enum class Say { nothing, failed, still_failing, recovered, unsupported };

    struct Attempt {
        Reason reason = Reason::ok;
        // What happened; empty when all went well.
        std::string error;
        Time started{};
        Time ended{};
    };

    Say record(Attempt attempt, bool node_ready);

    NodeState state() const { return state_; }
    // Of the last scrape.
    Reason reason() const { return reason_; }
    const std::string& error() const { return error_; }
    Time started() const { return started_; }
    Time ended() const { return ended_; }
    // In a row, up to the last scrape.
    std::uint32_t failures() const { return failures_; }
    // Time{}: never.
    Time last_success() const { return last_success_; }

  private:
    Say say(NodeState state, bool node_ready);

    NodeState state_ = NodeState::pending;
    Reason reason_ = Reason::ok;
    bool said_failing_ = false;
    bool said_unsupported_ = false;
    std::uint32_t failures_ = 0;
    Time started_{};
    Time ended_{};
    Time last_success_{};
    Time last_said_{};
    std::string error_;
};

// Writes the line that record() asked for. `failures_before`: failures() before it; `hint`: of the failure.
void log_health(std::string_view node, const NodeHealth& health, NodeHealth::Say say,
                std::uint32_t failures_before, std::string_view hint);

}  // namespace scraper
