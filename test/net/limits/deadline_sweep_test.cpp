// SPDX-License-Identifier: Apache-2.0
#include "net/limits/deadline_sweep.hpp"

#include "net/connection.hpp"

#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using net::Clock;
using net::DeadlineSweep;

namespace {

struct Wait final : DeadlineSweep::Entry {
    std::optional<Clock::time_point> ended;
    std::function<void()> then = [] {};
    void on_deadline() override {
        ended = Clock::now();
        then();
    }
};

}  // namespace

TEST_CASE("Waits end at their deadlines whatever the order they began in") {
    boost::asio::io_context context{1};
    DeadlineSweep& sweep = DeadlineSweep::of(context.get_executor());
    const auto begin = Clock::now();
    Wait late;
    Wait early;
    sweep.add(late, begin + 300ms);
    sweep.add(early, begin + 100ms);
    context.run();
    REQUIRE(early.ended.has_value());
    REQUIRE(late.ended.has_value());
    CHECK(*early.ended >= begin + 100ms);
    CHECK(*late.ended >= begin + 300ms);
    CHECK(*early.ended < *late.ended);
}

TEST_CASE("A wait that is over leaves the loop nothing to do") {
    boost::asio::io_context context{1};
    DeadlineSweep& sweep = DeadlineSweep::of(context.get_executor());
    {
        Wait removed;
        Wait destroyed;
        sweep.add(removed, Clock::now() + 1h);
        sweep.add(destroyed, Clock::now() + 2h);
        DeadlineSweep::remove(removed);
        CHECK(context.poll() == 0);
        CHECK_FALSE(context.stopped());
    }
    // Would take two hours.
    context.run();
    CHECK(context.stopped());
}

TEST_CASE("A wait that begins when another ends is not forgotten") {
    boost::asio::io_context context{1};
    DeadlineSweep& sweep = DeadlineSweep::of(context.get_executor());
    Wait first;
    Wait second;
    const auto begin = Clock::now();
    first.then = [&] { sweep.add(second, begin + 200ms); };
    sweep.add(first, begin + 60ms);
    context.run();
    REQUIRE(second.ended.has_value());
    CHECK(*second.ended >= begin + 200ms);
}
