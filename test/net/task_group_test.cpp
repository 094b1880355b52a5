// SPDX-License-Identifier: Apache-2.0
#include "net/task_group.hpp"

#include "net/resolver.hpp"
#include "net/stages.hpp"
#include "test/net/run.hpp"

#include <boost/asio/error.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
namespace asio = boost::asio;

TEST_CASE("A task group cancels and joins its children") {
    asio::io_context loop{1};
    net::TaskGroup group{loop.get_executor()};
    int ended = 0;
    struct Count {
        int& ended;
        ~Count() { ++ended; }
    };
    auto child = [&]() -> net::Task<> {
        const Count count{ended};
        co_await net::sleep_until(net::Clock::now() + 1h);
    };
    auto play = [&]() -> net::Task<> {
        group.spawn(child());
        group.spawn(child());
        co_await net::sleep_until(net::Clock::now());
        CHECK(group.size() == 2);
        CHECK(ended == 0);
        group.cancel();
        group.spawn(child());
        co_await group.wait();
        CHECK(group.size() == 0);
        CHECK(ended == 3);
        co_await group.wait();
    };
    test::run(loop, play());
}

TEST_CASE("A child that throws ends alone") {
    asio::io_context loop{1};
    net::TaskGroup group{loop.get_executor()};
    bool other = false;
    auto bad = []() -> net::Task<> {
        throw std::runtime_error{"boom"};
        co_return;
    };
    auto good = [&]() -> net::Task<> {
        co_await net::sleep_until(net::Clock::now() + 1ms);
        other = true;
    };
    auto play = [&]() -> net::Task<> {
        group.spawn(bad());
        group.spawn(good());
        co_await group.wait();
    };
    test::run(loop, play());
    CHECK(other);
}

TEST_CASE("Whoever asks for it is told which child failed and how") {
    asio::io_context loop{1};
    std::vector<std::string> told;
    net::TaskGroup group{loop.get_executor(), [&](std::string_view child, std::string_view what) {
                             told.push_back(std::string{child} + ": " + std::string{what});
                         }};
    auto bad = []() -> net::Task<> {
        throw std::runtime_error{"boom"};
        co_return;
    };
    auto odd = []() -> net::Task<> {
        throw "boom";
        co_return;
    };
    // As one that was cancelled, which it was not.
    auto aborted = []() -> net::Task<> {
        throw boost::system::system_error{asio::error::operation_aborted};
        co_return;
    };
    auto good = []() -> net::Task<> { co_await net::sleep_until(net::Clock::now() + 1h); };
    auto play = [&]() -> net::Task<> {
        group.spawn(bad(), "the bad one");
        group.spawn(odd(), "the odd one");
        group.spawn(aborted(), "the aborted one");
        group.spawn(good(), "the good one");
        co_await net::sleep_until(net::Clock::now() + 1ms);
        group.cancel();
        co_await group.wait();
    };
    test::run(loop, play());
    REQUIRE(told.size() == 3);
    CHECK(told[0] == "the bad one: boom");
    CHECK(told[1] == "the odd one: an exception of an unknown type");
    CHECK(told[2].starts_with("the aborted one: "));
}

TEST_CASE("Names are resolved and addresses are themselves") {
    asio::io_context loop{1};
    auto play = []() -> net::Task<> {
        auto address = co_await net::resolve("::1", 10250, net::Clock::now());
        REQUIRE(address.has_value());
        CHECK(address->at(0).address().to_string() == "::1");
        CHECK(address->at(0).port() == 10250);
        auto name = co_await net::resolve("localhost", 443, net::Clock::now() + 5s);
        REQUIRE(name.has_value());
        CHECK(name->at(0).address().is_loopback());
        auto nothing = co_await net::resolve("no such host", 443, net::Clock::now() + 5s);
        REQUIRE(!nothing.has_value());
        CHECK(nothing.error() == net::Errc::unknown_host);
        auto late = co_await net::resolve("localhost.", 443, net::Clock::now());
        REQUIRE(!late.has_value());
        CHECK(late.error() == net::TimedOut::look_up);
    };
    test::run(loop, play());
}
