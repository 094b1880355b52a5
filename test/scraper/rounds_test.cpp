// SPDX-License-Identifier: Apache-2.0
#include "scraper/rounds.hpp"

#include "test/topd/captured_log.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::round_bounds;
using scraper::Rounds;
using Outcome = Rounds::Outcome;

TEST_CASE("the bounds of rounds have some around the resolution") {
    const std::vector<double> usual{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
    const auto with = [&](std::size_t at, std::vector<double> more) {
        std::vector<double> bounds = usual;
        bounds.insert(bounds.begin() + static_cast<std::ptrdiff_t>(at), more.begin(), more.end());
        return bounds;
    };
    struct Case {
        const char* name;
        std::chrono::nanoseconds resolution;
        std::vector<double> expected;
    };
    const Case cases[] = {
        {"above all", 15s, with(11, {12.5, 15, 22.5, 30})},
        {"a minute", 60s, with(11, {35, 60, 90, 120})},
        {"the greatest", 10s, usual},
        {"between two", 7s, with(10, {7})},
        {"one of them", 5s, usual},
        {"almost one of them, below", 4'996ms, usual},
        {"almost one of them, above", 5'004ms, usual},
        {"below all", 1ms, usual},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(round_bounds(c.resolution) == c.expected);
        }
}

TEST_CASE("a round counts once, with its longest lag") {
    Rounds rounds{15s};
    const Rounds::Time start{100s};
    CHECK(rounds.look(start, 2, 0) == start + 15s);
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    rounds.record(Outcome::page, 20ms, first);
    rounds.record(Outcome::failure, 10'200ms, second);
    rounds.record(Outcome::page, 30ms, second);
    CHECK(rounds.look(start + 14s, 2, 0) == start + 15s);
    CHECK(rounds.longest_lags().count() == 0);

    CHECK(rounds.look(start + 16s, 2, 0) == start + 31s);
    const std::vector<std::uint64_t> one{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    CHECK(rounds.longest_lags().counts() == one);
    CHECK(rounds.longest_lags().sum() == 10.2);
    SECTION("one in which nothing ended does not") {
        CHECK(rounds.look(start + 31s, 0, 0) == start + 46s);
        CHECK(rounds.longest_lags().counts() == one);
    }
    SECTION("the next begins anew") {
        rounds.record(Outcome::page, 4ms, first);
        CHECK(rounds.look(start + 31s, 2, 0) == start + 46s);
        CHECK(rounds.longest_lags().counts()[0] == 1);
        CHECK(rounds.longest_lags().count() == 2);
    }
}

TEST_CASE("a node that is asked several times in a round is one node that was scraped") {
    test::CapturedLog log{2};
    Rounds rounds{15s};
    const Rounds::Time start{100s};
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    std::uint64_t sick = 0;
    rounds.look(start, 3, 0);
    for (int i = 0; i < 3; ++i) rounds.record(Outcome::page, 20ms, first);
    for (int i = 0; i < 2; ++i) rounds.record(Outcome::failure, 20ms, sick);
    rounds.record(Outcome::failure, 20ms, second);
    rounds.record(Outcome::page, 20ms, second);
    rounds.look(start + 15s, 3, 5);
    rounds.record(Outcome::page, 20ms, second);
    rounds.look(start + 30s, 3, 4);
    std::vector<std::string> finished;
    for (const std::string& line : log.lines())
        if (line.starts_with("\"Scrape finished\"")) finished.push_back(line);
    CHECK(finished == std::vector<std::string>{"\"Scrape finished\" nodeCount=2 podCount=5",
                                               "\"Scrape finished\" nodeCount=1 podCount=4"});
}

TEST_CASE("rounds begin at multiples of the resolution by the wall clock") {
    const Rounds::Time now{1000s};
    CHECK(scraper::round_begin(15s, now, std::chrono::system_clock::time_point{1'795'361'486s}) == now - 11s);
    CHECK(scraper::round_begin(15s, now, std::chrono::system_clock::time_point{1'795'361'475s}) == now);
}
