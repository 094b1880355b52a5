// SPDX-License-Identifier: Apache-2.0
#include "scraper/schedule.hpp"

#include "test/scraper/schedule_driver.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::Schedule;
using scraper::test::Driver;
using scraper::test::kStart;
using scraper::test::node_name;
using scraper::test::Result;

TEST_CASE("without nodes there is nothing to wake up for") {
    Driver d{15s};
    CHECK(d.schedule.next() == Schedule::Time::max());
    d.schedule.add("a", kStart);
    d.schedule.remove("a");
    CHECK(d.schedule.next() == Schedule::Time::max());
    CHECK(d.schedule.size() == 0);
}

TEST_CASE("a new node is scraped in the next quarter of a slot") {
    Driver d{15s};
    d.now = kStart + 1100ms;
    d.schedule.due(d.now, *std::make_unique<std::vector<Schedule::Due>>());
    d.schedule.add("a", d.now);
    REQUIRE(d.schedule.next() == kStart + 1250ms);
    d.now = kStart + 1250ms;
    CHECK(d.due() == std::vector<std::string>{"a"});
}

TEST_CASE("a node is scraped once a round at the same place in it") {
    Driver d{15s};
    d.schedule.add("a", kStart);
    const auto sent = d.run(kStart + 15min, Result::usage);
    const auto phase = static_cast<int>(d.schedule.slot_of("a")) * 1s;
    // The first, and then 60 rounds.
    REQUIRE((sent.size() == 61 || sent.size() == 60));
    for (std::size_t i = 1; i < sent.size(); ++i) CHECK((sent[i].at - kStart) % 15s == phase);
    CHECK(d.schedule.counts().late == 0);
    CHECK(d.schedule.counts().skipped == 0);
}

TEST_CASE("the place in the round follows from the name alone") {
    Driver a{15s};
    Driver b{15s, kStart - 7s};
    for (int i = 0; i < 100; ++i) b.schedule.add(node_name(i), kStart);
    CHECK(a.schedule.slot_of("n1") == b.schedule.slot_of("n1"));
    // Two processes that agree on the epoch scrape at the same moments.
    Driver c{15s, kStart - 7s};
    c.schedule.add(node_name(3), kStart);
    c.run(kStart + 20s, Result::usage);
    b.run(kStart + 20s, Result::usage);
    const auto only_c = c.run(kStart + 60s, Result::usage);
    auto all_b = b.run(kStart + 60s, Result::usage);
    std::erase_if(all_b, [](const Driver::Sent& s) { return s.name != node_name(3); });
    REQUIRE(only_c.size() == all_b.size());
    for (std::size_t i = 0; i < only_c.size(); ++i) CHECK(only_c[i].at == all_b[i].at);
}

TEST_CASE("a thousand nodes connect within two seconds and each is then scraped once a round") {
    Driver d{15s};
    for (int i = 0; i < 1000; ++i) d.schedule.add(node_name(i), kStart);
    std::map<std::string, int> count;
    std::map<Schedule::Time, std::size_t> per_wake_up;
    for (const auto& s : d.run(kStart + 2s, Result::usage)) {
        ++count[s.name];
        ++per_wake_up[s.at];
    }
    CHECK(count.size() == 1000);
    for (const auto& [at, scrapes] : per_wake_up) CHECK(scrapes <= Schedule::kFirstPerTick);

    // Grouped: a round of 1,000 scrapes costs 15 wake-ups.
    d.run(kStart + 30s, Result::usage);
    count.clear();
    d.wake_ups = 0;
    for (const auto& s : d.run(kStart + 45s, Result::usage)) ++count[s.name];
    CHECK(d.wake_ups == 15);
    CHECK(count.size() == 1000);
    CHECK(std::all_of(count.begin(), count.end(), [](const auto& c) { return c.second == 1; }));
}

TEST_CASE("wake-ups are for slots that hold a node") {
    Driver d{15s};
    d.schedule.add("a", kStart);
    d.run(kStart + 30s, Result::usage);
    d.wake_ups = 0;
    d.run(kStart + 90s, Result::usage);
    CHECK(d.wake_ups == 4);
}

TEST_CASE("a failing node is asked in each round and no more") {
    Driver d{15s};
    d.schedule.add("a", kStart);
    // And soon once more at its start.
    CHECK(d.run(kStart + 4'999ms, Result::failed).size() == 2);
    d.run(kStart + 30s, Result::failed);
    CHECK(d.run(kStart + 30s + 150s, Result::failed).size() == 10);
}

TEST_CASE("a node without the page is asked every five minutes") {
    Driver d{15s};
    d.schedule.add("a", kStart);
    REQUIRE(d.run(kStart + 250ms, Result::unsupported).size() == 1);
    CHECK(d.run(kStart + 250ms + 5min - 1ms, Result::unsupported).empty());
    CHECK(d.run(kStart + 16min, Result::unsupported).size() == 3);
    // Then it has one.
    d.run(kStart + 22min, Result::usage);
    CHECK(d.run(kStart + 23min, Result::usage).size() == 4);
}

TEST_CASE("a node whose scrape is running is skipped and counted") {
    Driver d{15s};
    d.schedule.add("a", kStart);
    d.run(kStart + 20s, Result::usage);
    d.now = d.schedule.next();
    REQUIRE(d.due().size() == 1);
    for (int round = 0; round < 3; ++round) {
        d.now = std::max(d.now, d.schedule.next());
        CHECK(d.due().empty());
    }
    CHECK(d.schedule.counts().skipped == 3);
    // What was missed is not made up for.
    d.schedule.done("a", Result::usage, d.now);
    CHECK(d.due().empty());
    d.now = d.schedule.next();
    CHECK(d.due().size() == 1);
}

TEST_CASE("a stall of the loop costs rounds and queues nothing") {
    Driver d{15s};
    for (int i = 0; i < 100; ++i) d.schedule.add(node_name(i), kStart);
    d.run(kStart + 30s, Result::usage);
    d.now = kStart + 30s + 47s;
    const auto names = d.due();
    CHECK(names.size() == 100);
    CHECK(std::set<std::string>(names.begin(), names.end()).size() == 100);
    CHECK(d.schedule.counts().skipped == 0);
    CHECK(d.schedule.next() > d.now);
}

TEST_CASE("scrapes that are sent more than 100 ms after they were due are counted") {
    struct Case {
        Schedule::Duration delay;
        std::uint64_t late;
    };
    for (const Case& c : {Case{0ms, 0}, Case{100ms, 0}, Case{101ms, 1}, Case{3s, 1}}) {
        Driver d{15s};
        d.schedule.add("a", kStart);
        d.now = d.schedule.next() + c.delay;
        REQUIRE(d.due().size() == 1);
        CHECK(d.schedule.counts().late == c.late);
        CHECK(d.schedule.counts().worst == c.delay);
    }
}

TEST_CASE("nodes may be removed at any moment") {
    Driver d{15s};
    for (int i = 0; i < 300; ++i) d.schedule.add(node_name(i), kStart);
    for (int i = 0; i < 300; i += 2) d.schedule.remove(node_name(i));
    d.schedule.remove("unknown");
    std::set<std::string> scraped;
    for (const auto& s : d.run(kStart + 3s, Result::page)) scraped.insert(s.name);
    CHECK(scraped.size() == 150);
    CHECK(scraped.count(node_name(0)) == 0);

    // All are running, and one is not any more.
    d.now = kStart + 20s;
    d.due();
    d.schedule.remove(node_name(1));
    d.schedule.done(node_name(1), Result::usage, d.now);
    CHECK(d.schedule.size() == 149);
    for (int i = 3; i < 300; i += 2) d.schedule.remove(node_name(i));
    CHECK(d.schedule.next() == Schedule::Time::max());

    // And come back.
    d.schedule.add(node_name(1), d.now);
    d.now = d.schedule.next();
    CHECK(d.due() == std::vector<std::string>{node_name(1)});
}

TEST_CASE("adding a node again changes nothing") {
    Driver d{15s};
    d.schedule.add("a", kStart);
    d.schedule.add("a", kStart);
    d.now = d.schedule.next();
    CHECK(d.due().size() == 1);
    CHECK(d.schedule.size() == 1);
}

TEST_CASE("a resolution that is no multiple of the grid keeps its length") {
    struct Case {
        Schedule::Duration resolution;
        std::size_t slots;
    };
    for (const Case& c : {Case{10'100ms, 10}, Case{100ms, 1}, Case{24h, 4096}}) {
        Driver d{c.resolution};
        CHECK(d.schedule.slots() == c.slots);
        d.schedule.add("a", kStart);
        d.run(kStart + 2 * c.resolution + 11s, Result::usage);
        const auto sent = d.run(kStart + 12 * c.resolution + 11s, Result::usage);
        CHECK(sent.size() == 10);
    }
}

TEST_CASE("name_hash is FNV-1a with a final mix") {
    // fmix64(0xcbf29ce484222325), by hand from MurmurHash3's definition.
    CHECK(scraper::name_hash("") == 0xefd01f60ba992926);
    CHECK(scraper::name_hash("a") != scraper::name_hash("b"));
}

TEST_CASE("names that differ in a digit spread evenly over the round") {
    const Schedule schedule{15s, {}, {}};
    std::vector<int> nodes_in_slot(schedule.slots());
    REQUIRE(nodes_in_slot.size() == 15);
    for (int i = 0; i < 6000; ++i) ++nodes_in_slot[schedule.slot_of("node-" + std::to_string(i))];
    // 400 expected, standard deviation 19: four of them each way.
    CHECK(*std::max_element(nodes_in_slot.begin(), nodes_in_slot.end()) <= 477);
    CHECK(*std::min_element(nodes_in_slot.begin(), nodes_in_slot.end()) >= 323);
}
