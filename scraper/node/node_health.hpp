// SPDX-License-Identifier: Apache-2.0
// How scraping one node goes, and when that is worth a log line. Time comes in as an argument.
#pragma once

#include "scraper/kubelet/failure.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace scraper {

// pending: not scraped yet. The order is ScraperStats'.
enum class NodeState : std::uint8_t { pending, ok, failing, unsupported };
// "pending", "ok", ...
std::string_view label(NodeState state);

// A node is logged when its state changes, and a failing one every kRemindAfter, not in each round. These
// failures are counted only, and said when they are still there afterwards:
//  - of a node that is not Ready;
//  - of a young one, until its first success: its addresses and its certificate may still be on their way;
//  - within kQuietAfter of a recovery that was said: a node that goes up and down is not said each time.
class NodeHealth {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes kRemindAfter{10};
    static constexpr std::chrono::minutes kQuietAfter{5};
    // How long a node that joins the cluster is young; those of the first list are not.
    static constexpr std::chrono::minutes kYouth{2};

    // What to log. `unsupported` comes once until the node has been scraped well.
    enum class Say { nothing, failed, still_failing, recovered, unsupported };

    struct Attempt {
        Reason reason = Reason::ok;
        // Time ran out on the way to the kubelet's answer.
        bool timed_out = false;
        // What happened; empty when all went well.
        std::string error;
        // What can be done about it; a literal.
        std::string_view hint{};
        Time started{};
        Time ended{};
    };

    // Time{}: it is not young.
    explicit NodeHealth(Time young_until = {}) : young_until_{young_until} {}

    Say record(Attempt attempt, bool node_ready);

    NodeState state() const { return state_; }
    // What came of the last scrape.
    Reason reason() const { return reason_; }
    bool timed_out() const { return timed_out_; }
    const std::string& error() const { return error_; }
    std::string_view hint() const { return hint_; }
    Time started() const { return started_; }
    Time ended() const { return ended_; }
    // In a row, up to the last scrape.
    std::uint32_t failures() const { return failures_; }
    // Time{}: never.
    Time last_success() const { return last_success_; }
    Time young_until() const { return young_until_; }

  private:
    Say say(NodeState state, bool node_ready);
    bool failure_is_expected(bool node_ready) const;

    NodeState state_ = NodeState::pending;
    Reason reason_ = Reason::ok;
    bool timed_out_ = false;
    bool said_failing_ = false;
    bool said_unsupported_ = false;
    std::uint32_t failures_ = 0;
    Time started_{};
    Time ended_{};
    Time last_success_{};
    Time last_said_{};
    Time young_until_{};
    Time quiet_until_{};
    std::string error_;
    std::string_view hint_;
};

// Writes the line that record() asked for. `failures_before`: failures() before it.
void log_health(std::string_view node, const NodeHealth& health, NodeHealth::Say say,
                std::uint32_t failures_before);

}  // namespace scraper
