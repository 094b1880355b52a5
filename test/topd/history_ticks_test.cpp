// SPDX-License-Identifier: Apache-2.0
#include "topd/history_ticks.hpp"

#include "storage/history/feed.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace topd;
using namespace std::chrono_literals;
namespace history = storage::history;

TEST_CASE("a tick ends at the next whole multiple of its length") {
    using Time = std::chrono::system_clock::time_point;
    CHECK(end_of_tick(Time{1'800'000'000s}, 15s) == Time{1'800'000'015s});
    CHECK(end_of_tick(Time{1'800'000'014'999ms}, 15s) == Time{1'800'000'015s});
    CHECK(end_of_tick(Time{1'800'000'001s}, 60s) == Time{1'800'000'060s});
}

TEST_CASE("it is said once that history does not reach back as far as it is to") {
    history::HistoryOptions options;
    options.memory = 1024 * 1024;
    history::History kept{options};
    ReachWatch watch;
    CHECK(watch.look(kept).empty());
    std::vector<history::Link> pods;
    for (int i = 0; i < 1000; ++i)
        pods.push_back(kept.feed().link_pod("default", "pod-" + std::to_string(i)));
    std::uint64_t cpu = 1;
    std::string said;
    for (history::Seconds now = 1'800'000'015; said.empty() && now < 1'800'003'600; now += 15) {
        kept.feed().begin_tick(now);
        for (const history::Link pod : pods) {
            cpu = cpu * 6364136223846793005U + 1;
            const history::ContainerFigures figures{"main", {cpu >> 30, cpu >> 20, std::nullopt}, {}};
            kept.feed().put_pod(pod, "default", history::kNowhere, {&figures, 1});
        }
        kept.feed().end_tick();
        said = watch.look(kept);
    }
    CHECK(said.starts_with(
        "History does not fit into --history-memory and reaches back less than its windows: "));
    CHECK(said.find(" of 60m0s at every --metric-resolution, ") != std::string::npos);
    CHECK(said.ends_with(" of 1440m0s at every five minutes"));
    CHECK(watch.look(kept).empty());
}

TEST_CASE("it is said that there is no room for the history of all") {
    history::HistoryOptions options;
    options.memory = 1024 * 1024;
    history::History kept{options};
    ReachWatch watch;
    for (int i = 0; i < 20'000; ++i) kept.feed().link_pod("default", "pod-" + std::to_string(i));
    const std::string said = watch.look(kept);
    CHECK(said.starts_with("There is no room for the history of all nodes and pods in --history-memory: "));
    CHECK(watch.look(kept).empty());
}
