// SPDX-License-Identifier: Apache-2.0
#include "scraper/node/node_health.hpp"

#include "telemetry/log.hpp"

#include <utility>

namespace scraper {
namespace {

NodeState state_after(Reason reason) {
    switch (reason) {
        case Reason::ok:
            return NodeState::ok;
        case Reason::unsupported:
            return NodeState::unsupported;
        default:
            return NodeState::failing;
    }
}

}  // namespace

std::string_view label(NodeState state) {
    constexpr std::string_view kLabels[] = {"pending", "ok", "failing", "unsupported"};
    return kLabels[static_cast<std::size_t>(state)];
}

NodeHealth::Say NodeHealth::record(Attempt attempt, bool node_ready) {
    reason_ = attempt.reason;
    timed_out_ = attempt.timed_out;
    error_ = std::move(attempt.error);
    hint_ = attempt.hint;
    started_ = attempt.started;
    ended_ = attempt.ended;
    state_ = state_after(reason_);
    const Say what = say(state_, node_ready);
    if (what != Say::nothing) last_said_ = ended_;
    if (what == Say::recovered) quiet_until_ = ended_ + kQuietAfter;
    if (state_ == NodeState::ok) {
        failures_ = 0;
        said_failing_ = said_unsupported_ = false;
        last_success_ = ended_;
    } else {
        ++failures_;
    }
    return what;
}

NodeHealth::Say NodeHealth::say(NodeState state, bool node_ready) {
    switch (state) {
        case NodeState::ok:
            return said_failing_ || said_unsupported_ ? Say::recovered : Say::nothing;
        case NodeState::unsupported:
            if (std::exchange(said_unsupported_, true)) return Say::nothing;
            return Say::unsupported;
        default:
            if (failure_is_expected(node_ready)) return Say::nothing;
            if (!std::exchange(said_failing_, true)) return Say::failed;
            return ended_ - last_said_ >= kRemindAfter ? Say::still_failing : Say::nothing;
    }
}

bool NodeHealth::failure_is_expected(bool node_ready) const {
    const bool is_young = last_success_ == Time{} && ended_ < young_until_;
    const bool is_quiet = !said_failing_ && ended_ < quiet_until_;
    return !node_ready || is_young || is_quiet;
}

void log_health(std::string_view node, const NodeHealth& health, NodeHealth::Say say,
                std::uint32_t failures_before) {
    switch (say) {
        case NodeHealth::Say::nothing:
            return;
        case NodeHealth::Say::failed:
        case NodeHealth::Say::still_failing: {
            // The phrases of metrics-server, which people search for.
            const char* message = health.timed_out() ? "Failed to scrape node, timeout to access kubelet"
                                                     : "Failed to scrape node";
            telemetry::error(message, {{"err", health.error()},
                                       {"node", node},
                                       {"failures", health.failures()},
                                       {"hint", health.hint()}});
            return;
        }
        case NodeHealth::Say::unsupported:
            telemetry::warning("Node has no resource metrics page, asking seldom",
                               {{"node", node}, {"err", health.error()}, {"hint", health.hint()}});
            return;
        case NodeHealth::Say::recovered:
            telemetry::info("Node is scraped again", {{"node", node}, {"failures", failures_before}});
            return;
    }
}

}  // namespace scraper
