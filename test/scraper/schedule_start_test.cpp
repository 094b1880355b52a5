// SPDX-License-Identifier: Apache-2.0
// Starts: how soon nodes have two samples, on kubelets that repeat one for ten seconds.
#include "test/scraper/schedule_driver.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::Schedule;
using scraper::test::Driver;
using scraper::test::kStart;
using scraper::test::node_name;
using scraper::test::Result;

namespace {

using Duration = Schedule::Duration;
using Time = Schedule::Time;

// Nodes on a clock of their own, each with samples ten seconds apart at a random moment of those.
struct StartedNodes {
    struct Node {
        Duration phase{};
        // How far its clock is ahead of ours.
        Duration skew{};
        std::int64_t first_sample = -1;
        Duration complete_after{};
        std::vector<Time> asked{};
    };

    StartedNodes(int count, Duration most_skew) {
        std::mt19937 random{7};
        const auto up_to = [&](Duration most) {
            return Duration{static_cast<std::int64_t>(random()) * 1000 % (most.count() + 1)};
        };
        for (int i = 0; i < count; ++i) nodes[node_name(i)] = {up_to(10s), up_to(2 * most_skew) - most_skew};
        for (const auto& [name, node] : nodes) driver.schedule.add(name, kStart);
    }

    void run(Time until) {
        Schedule& schedule = driver.schedule;
        while (schedule.next() <= until) {
            driver.now = std::max(driver.now, schedule.next());
            for (const std::string& name : driver.due()) answer(name, driver.now);
        }
        driver.now = until;
    }

    void answer(const std::string& name, Time now) {
        Node& node = nodes.at(name);
        node.asked.push_back(now);
        const Duration age = (now.time_since_epoch() - node.phase) % 10s;
        const std::int64_t sample = (now.time_since_epoch() - node.phase) / 10s;
        if (node.first_sample < 0) node.first_sample = sample;
        if (sample == node.first_sample)
            return driver.schedule.done(name, Result::page, now, 10'250ms - age + node.skew);
        if (node.complete_after == 0s) node.complete_after = now - kStart;
        driver.schedule.done(name, Result::usage, now);
    }

    Duration complete_after() const {
        Duration last{};
        for (const auto& [name, node] : nodes)
            last = std::max(last, node.complete_after == 0s ? Duration::max() : node.complete_after);
        return last;
    }

    Driver driver{15s};
    std::map<std::string, Node> nodes;
};

}  // namespace

TEST_CASE("all nodes have two samples soon after the first can") {
    struct Case {
        int nodes;
        Duration skew;
        Duration within;
    };
    // Connecting, the wait for a sample, and a tick. Where clocks differ, a question that came too early
    // comes again.
    for (const Case& c : {Case{1, 0s, 10'750ms}, Case{1000, 0s, 12'250ms}, Case{5000, 0s, 18'500ms},
                          Case{1000, 2s, 16'500ms}, Case{1000, 60s, 16'500ms}}) {
        CAPTURE(c.nodes, c.skew.count());
        StartedNodes cluster{c.nodes, c.skew};
        cluster.run(kStart + 30s);
        CHECK(cluster.complete_after() <= c.within);
        CHECK(cluster.driver.schedule.counts().skipped == 0);
        CHECK(cluster.driver.schedule.counts().late == 0);
    }
}

TEST_CASE("after its start a node is scraped once a round and not a moment after it was asked") {
    StartedNodes cluster{1000, 0s};
    cluster.run(kStart + 60s);
    for (const auto& [name, node] : cluster.nodes) {
        CAPTURE(name);
        const auto& asked = node.asked;
        REQUIRE(asked.size() >= 4);
        // Twice, and then on its place in the rounds, the first of which is left out when it is near.
        CHECK(asked[1] - asked[0] <= 10'500ms);
        CHECK(asked[2] - asked[1] >= 5s);
        CHECK(asked[2] - asked[1] <= 20s);
        for (std::size_t i = 3; i < asked.size(); ++i) CHECK(asked[i] - asked[i - 1] == 15s);
    }
}

TEST_CASE("a start does not ask for ever") {
    Driver d{60s};
    d.schedule.add("a", kStart);
    std::vector<Duration> after;
    for (const auto& s : d.run(kStart + 50s, Result::page)) after.push_back(s.at - (kStart + 250ms));
    after.resize(std::min<std::size_t>(after.size(), 7));
    CHECK(after == std::vector<Duration>{0s, 10'500ms, 14'750ms, 19s, 23'250ms, 27'500ms, 31'750ms});
    d.run(kStart + 120s, Result::page);
    CHECK(d.run(kStart + 120s + 10 * 60s, Result::page).size() == 10);
}

TEST_CASE("a node that failed is asked once more soon, and begins anew with its first page") {
    Driver d{60s};
    d.schedule.add("a", kStart);
    std::vector<Duration> after;
    for (const auto& s : d.run(kStart + 6s, Result::failed)) after.push_back(s.at - kStart);
    CHECK(after == std::vector<Duration>{250ms, 4'500ms});
    d.run(kStart + 170s, Result::failed);
    const auto pages = d.run(kStart + 245s, Result::page);
    REQUIRE(pages.size() >= 2);
    CHECK(pages[1].at - pages[0].at == 10'500ms);
}

TEST_CASE("nodes that fail connect no faster the second time") {
    Driver d{15s};
    for (int i = 0; i < 5000; ++i) d.schedule.add(node_name(i), kStart);
    std::map<Time, std::size_t> per_wake_up;
    // Then the rounds begin.
    for (const auto& s : d.run(kStart + 12500ms, Result::failed)) ++per_wake_up[s.at];
    for (const auto& [at, scrapes] : per_wake_up) CHECK(scrapes <= Schedule::kFirstPerTick);
}

TEST_CASE("figures that are all there end a start") {
    Driver d{60s};
    d.schedule.add("a", kStart);
    CHECK(d.run(kStart + 250ms, Result::usage).size() == 1);
    CHECK(d.run(kStart + 59s, Result::usage).size() <= 1);
    // For good: a later page that lacks something begins no other one.
    CHECK(d.run(kStart + 59s + 10 * 60s, Result::page).size() == 10);
}
