// SPDX-License-Identifier: Apache-2.0
#include "apiserver/turns/turns.hpp"

#include "net/task_group.hpp"
#include "test/net/run.hpp"

#include <string>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using apiserver::Turns;

namespace {

net::Task<> hold_turn(Turns& turns, std::optional<Turns::Turn>& out, std::string owner = {}) {
    out = co_await turns.take(net::Clock::time_point::max(), std::move(owner));
}

}  // namespace

TEST_CASE("who waits no longer lets the next one through") {
    Turns turns{{.waiting = 3}};
    boost::asio::io_context loop{1};
    std::optional<Turns::Turn> first = test::run(loop, turns.take(net::Clock::time_point::max()));
    REQUIRE(first.has_value());
    boost::asio::io_context waits{1};
    std::optional<Turns::Turn> second;
    std::optional<Turns::Turn> third;
    net::TaskGroup group{waits.get_executor()};
    group.spawn(hold_turn(turns, second));
    test::start(waits, hold_turn(turns, third));
    waits.poll();
    CHECK(turns.waiting() == 2);
    group.cancel();
    test::start(waits, group.wait());
    waits.poll();
    CHECK(turns.waiting() == 1);
    first.reset();
    waits.poll();
    CHECK(turns.waiting() == 0);
    CHECK(!second.has_value());
    REQUIRE(third.has_value());
    third.reset();
    boost::asio::io_context again{1};
    CHECK(test::run(again, turns.take(net::Clock::time_point::max())).has_value());
}

TEST_CASE("who comes when a turn is free goes behind those who wait for it") {
    Turns turns{{.waiting = 3}};
    boost::asio::io_context loop{1};
    std::optional<Turns::Turn> first = test::run(loop, turns.take(net::Clock::time_point::max()));
    REQUIRE(first.has_value());
    boost::asio::io_context waits{1};
    std::string order;
    const auto take = [&](char name) -> net::Task<> {
        const auto turn = co_await turns.take(net::Clock::time_point::max());
        order += name;
    };
    net::TaskGroup group{waits.get_executor()};
    group.spawn(take('a'));
    group.spawn(take('b'));
    waits.poll();
    REQUIRE(turns.waiting() == 2);
    // Those two are woken by the end of the turn, and have not run when this one asks.
    const auto pass_on = [&]() -> net::Task<> {
        first.reset();
        const auto turn = co_await turns.take(net::Clock::time_point::max());
        order += 'c';
    };
    group.spawn(pass_on());
    waits.run();
    CHECK(order == "abc");
}

TEST_CASE("an owner that has its share keeps no turn from others, nor a place in the queue") {
    Turns turns{{.waiting = 3, .at_once = 3, .waiting_of_one = 1, .at_once_of_one = 2}};
    boost::asio::io_context loop{1};
    std::optional<Turns::Turn> held[6];
    for (auto& each : {&held[0], &held[1], &held[2]}) test::start(loop, hold_turn(turns, *each, "a"));
    loop.poll();
    REQUIRE(held[0].has_value());
    REQUIRE(held[1].has_value());
    CHECK(held[0]->lane() != held[1]->lane());
    CHECK(!held[2].has_value());
    // Another one of the first owner finds no place; the second takes the lane that is left.
    test::start(loop, hold_turn(turns, held[3], "a"));
    test::start(loop, hold_turn(turns, held[4], "b"));
    loop.poll();
    CHECK(turns.waiting() == 1);
    REQUIRE(held[4].has_value());
    CHECK(held[4]->lane() == 2);
    // All lanes are taken: whoever comes waits, and goes before the first owner's when the second's ends.
    test::start(loop, hold_turn(turns, held[5], "c"));
    loop.poll();
    CHECK(turns.waiting() == 2);
    held[4].reset();
    loop.poll();
    CHECK(!held[2].has_value());
    REQUIRE(held[5].has_value());
    held[0].reset();
    loop.poll();
    CHECK(held[2].has_value());
    CHECK(!held[3].has_value());
    CHECK(turns.waiting() == 0);
}
