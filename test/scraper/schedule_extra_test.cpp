// SPDX-License-Identifier: Apache-2.0
// The scrapes beside the regular ones of nodes with containers too young for figures. Starts:
// schedule_start_test.cpp.
#include "scraper/schedule.hpp"
#include "test/scraper/schedule_driver.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::Schedule;
using scraper::test::Driver;
using scraper::test::kStart;
using scraper::test::node_name;
using scraper::test::Result;

TEST_CASE("a node with young containers is asked again after four seconds until they have figures") {
    Driver d{15s};
    d.schedule.add("a", kStart);
    d.run(kStart + 40s, Result::usage);
    const auto regular = d.run(kStart + 55s, Result::usage);
    REQUIRE(regular.size() == 1);
    const auto at = regular[0].at;

    std::vector<Schedule::Duration> after;
    for (const auto& sent : d.run(at + 45s, Result::young)) after.push_back(sent.at - at);
    // None shortly before a regular one, and no more than have been saved up.
    CHECK(after == std::vector<Schedule::Duration>{15s, 19'250ms, 23'500ms, 27'750ms, 30s, 34'250ms, 45s});
    CHECK(d.schedule.counts().extra == 4);
}

TEST_CASE("a node whose containers have figures is not asked again soon") {
    Driver d{15s};
    d.schedule.add("a", kStart);
    d.run(kStart + 40s, Result::usage);
    const auto regular = d.run(kStart + 55s, Result::usage);
    REQUIRE(regular.size() == 1);
    const auto at = regular[0].at;
    CHECK(d.run(at + 15s, Result::young).size() == 1);
    // The one that was put on the way, and the regular ones.
    CHECK(d.run(at + 45s, Result::usage).size() == 3);
    CHECK(d.schedule.counts().extra == 1);
}

TEST_CASE("a regular scrape that brings all figures before an extra one puts that off") {
    Driver d{10s};
    int i = 0;
    while (d.schedule.slot_of(node_name(i)) != 3) ++i;
    d.schedule.add(node_name(i), kStart);
    CHECK(d.run(kStart + 250ms, Result::young).size() == 1);
    CHECK(d.schedule.next_of(node_name(i), d.now) == kStart + 4'500ms);
    // The loop stalled over the node's place in the round, which was too near to the start.
    d.now = kStart + 4s;
    REQUIRE(d.due().size() == 1);
    d.schedule.done(node_name(i), Result::usage, d.now);
    CHECK(d.run(kStart + 12s, Result::usage).empty());
}

TEST_CASE("scrapes for young containers are a tenth of the regular ones") {
    Driver d{15s};
    constexpr int kNodes = 100;
    for (int i = 0; i < kNodes; ++i) d.schedule.add(node_name(i), kStart);
    d.run(kStart + 60s, Result::usage);
    // What has been saved up goes first.
    d.run(kStart + 120s, Result::young);
    const std::uint64_t before = d.schedule.counts().extra;
    CHECK(before > 10);
    const std::size_t sent = d.run(kStart + 270s, Result::young).size();
    const std::uint64_t extra = d.schedule.counts().extra - before;
    CHECK(sent == kNodes * 10 + extra);
    CHECK(extra >= 95);
    CHECK(extra <= 101);
}

TEST_CASE("the next scrape that is foretold is the one that is sent") {
    for (const Result result :
         {Result::usage, Result::young, Result::page, Result::failed, Result::unsupported}) {
        Driver d{15s};
        for (int i = 0; i < 20; ++i) d.schedule.add(node_name(i), kStart);
        for (int scrape = 0; scrape < 40; ++scrape) {
            const std::string name = node_name(scrape % 20);
            const Schedule::Time foretold = d.schedule.next_of(name, d.now);
            Schedule::Time sent{};
            while (sent == Schedule::Time{}) {
                // Slot by slot.
                for (const auto& s : d.run(d.now + 250ms, result))
                    if (s.name == name) sent = s.at;
            }
            CAPTURE(static_cast<int>(result), scrape);
            CHECK(sent == foretold);
        }
    }
}
