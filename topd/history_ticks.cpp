// SPDX-License-Identifier: Apache-2.0
#include "topd/history_ticks.hpp"

#include "net/task_group.hpp"
#include "net/yield.hpp"
#include "telemetry/log.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace topd {
namespace {

using World = std::chrono::system_clock;

// Nodes that are told at a time: some 100 us.
constexpr std::size_t kSwept = 32;
// Nodes that are well have told by then what they were served with at the last end.
constexpr std::chrono::seconds kSweepBefore{1};
// Timers come a moment late or early.
constexpr std::chrono::milliseconds kEarly{20};

std::chrono::seconds whole(World::time_point time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
}

std::string shown(storage::history::Seconds span) {
    return fmt::format("{}m{}s", span / 60, span % 60);
}

}  // namespace

World::time_point end_of_tick(World::time_point now, std::chrono::seconds length) {
    return World::time_point{(whole(now) / length + 1) * length};
}

std::string ReachWatch::look(const storage::history::History& history) {
    const storage::history::Reach reach = history.reach();
    const bool is_short = reach.cut || reach.refused_series > refused_;
    refused_ = reach.refused_series;
    if (!is_short) said_ = false;
    if (!is_short || said_) return {};
    said_ = true;
    if (!reach.cut)
        return fmt::format(
            "There is no room for the history of all nodes and pods in --history-memory: {} have one",
            reach.series);
    return fmt::format(
        "History does not fit into --history-memory and reaches back less than its windows: {} of {} at "
        "every --metric-resolution, {} of {} at every five minutes",
        shown(reach.to - reach.recent_from), shown(history.options().recent_window.count()),
        shown(reach.long_from == 0 ? 0 : reach.to - reach.long_from),
        shown(history.options().long_window.count()));
}

net::Task<> HistoryTicks::run() {
    const std::chrono::seconds length = history_.options().resolution;
    while (true) {
        const World::time_point world = World::now();
        const net::Clock::time_point now = net::Clock::now();
        const World::time_point end = end_of_tick(world + kEarly, length);
        co_await between(now + (end - world));
        // A clock that was set back meanwhile has the tick go on.
        const World::time_point then = World::now() + kEarly;
        if (whole(then) / length == whole(world + kEarly) / length) continue;
        const storage::history::Seconds at = whole(then).count() / length.count() * length.count();
        store_.end_tick(at, net::Clock::now());
        if (followers_.ends) followers_.ends(at, net::Clock::now());
        if (const std::string line = reach_.look(history_); !line.empty()) telemetry::warning(line);
    }
}

net::Task<> HistoryTicks::between(net::Clock::time_point end) {
    const auto span = end - net::Clock::now();
    co_await net::sleep_until(end - span / 2);
    while (history_.tend()) co_await net::yield();
    while (followers_.tend && followers_.tend()) co_await net::yield();
    co_await net::sleep_until(end - std::min<net::Clock::duration>(kSweepBefore, span / 8));
    while (store_.sweep_tick(kSwept)) co_await net::yield();
    if (followers_.over) followers_.over();
    co_await net::sleep_until(end);
}

}  // namespace topd
