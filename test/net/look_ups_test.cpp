// SPDX-License-Identifier: Apache-2.0
#include "net/look_ups.hpp"

#include "net/resolver.hpp"
#include "net/stages.hpp"
#include "net/task_group.hpp"
#include "test/net/run.hpp"
#include "test/net/silent_peer.hpp"

#include <optional>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using net::LookUps;
using net::TimedOut;
namespace asio = boost::asio;

namespace {

net::Task<> ask(std::string host, std::chrono::milliseconds time, std::vector<net::Error>& errors) {
    const auto found = co_await net::resolve(std::move(host), 1, net::Clock::now() + time);
    errors.push_back(found ? net::Error{} : found.error());
}

struct Lab {
    void ask_dead(std::size_t count, std::chrono::milliseconds time) {
        for (std::size_t i = 0; i < count; ++i) asking.spawn(ask("dead-" + std::to_string(i), time, dead));
    }
    net::Task<net::Error> answer(std::string host, std::chrono::milliseconds time = 15s) {
        std::vector<net::Error> errors;
        co_await ask(std::move(host), time, errors);
        co_return errors.front();
    }

    test::NameServer names;
    asio::io_context loop{1};
    LookUps& look_ups = names.serve(loop, 0s);
    net::TaskGroup asking{loop.get_executor()};
    std::vector<net::Error> dead;
};

}  // namespace

TEST_CASE("Names that hang stall no other") {
    Lab lab;
    auto play = [&]() -> net::Task<> {
        lab.ask_dead(20, 15s);
        co_await net::sleep_until(net::Clock::now());
        const net::Error n1 = co_await lab.answer("n1");
        const net::Error none = co_await lab.answer("none");
        CHECK(n1 == net::Error{});
        CHECK(none == net::Errc::unknown_host);
        CHECK(lab.dead.empty());
        lab.asking.cancel();
        co_await lab.asking.wait();
    };
    test::run(lab.loop, play());
}

TEST_CASE("However many names hang, one that was answered before finds a thread") {
    Lab lab;
    auto play = [&]() -> net::Task<> {
        net::Error n1 = co_await lab.answer("n1");
        CHECK(n1 == net::Error{});
        lab.ask_dead(200, 300ms);
        co_await net::sleep_until(net::Clock::now());
        CHECK(lab.look_ups.running() == LookUps::kForUnknown);
        n1 = co_await lab.answer("n1");
        CHECK(n1 == net::Error{});
        co_await lab.asking.wait();
        CHECK(lab.dead == std::vector<net::Error>(200, TimedOut::look_up));
        CHECK(lab.look_ups.running() == LookUps::kForUnknown);
        // Those that waited for a thread in vain have made room.
        net::Error n2 = co_await lab.answer("n2", 20ms);
        CHECK(n2 == TimedOut::look_up);

        lab.names.revive();
        n2 = co_await lab.answer("n2");
        CHECK(n2 == net::Error{});
        const net::Error alive = co_await lab.answer("dead-0");
        CHECK(alive == net::Error{});
    };
    test::run(lab.loop, play());
}

TEST_CASE("Names that could not be looked up last time take few threads") {
    Lab lab;
    auto play = [&]() -> net::Task<> {
        for (int i = 0; i < 24; ++i) {
            const net::Error error = co_await lab.answer("flaky-" + std::to_string(i));
            CHECK(error.category() == net::look_up_category());
        }
        for (int i = 0; i < 24; ++i) lab.asking.spawn(ask("flaky-" + std::to_string(i), 15s, lab.dead));
        co_await net::sleep_until(net::Clock::now());
        CHECK(lab.look_ups.running() == LookUps::kForHung);
        const net::Error n1 = co_await lab.answer("n1");
        CHECK(n1 == net::Error{});
        lab.names.revive();
        co_await lab.asking.wait();
        CHECK(lab.dead == std::vector<net::Error>(24));
    };
    test::run(lab.loop, play());
}

TEST_CASE("More look-ups than there is room for are refused") {
    Lab lab;
    auto play = [&]() -> net::Task<> {
        lab.ask_dead(LookUps::kMost, 15s);
        co_await net::sleep_until(net::Clock::now());
        const net::Error refused = co_await lab.answer("n1");
        CHECK(refused == net::Errc::overloaded);
        lab.asking.cancel();
        co_await lab.asking.wait();
    };
    test::run(lab.loop, play());
}

TEST_CASE("The end of a loop waits for no look-up") {
    test::NameServer names;
    std::optional<asio::io_context> loop{1};
    LookUps& look_ups = names.serve(*loop);
    std::vector<net::Error> errors;
    test::run(*loop, ask("dead", 20ms, errors));
    CHECK(errors == std::vector<net::Error>{TimedOut::look_up});
    CHECK(look_ups.running() == 1);

    const auto begin = net::Clock::now();
    loop.reset();
    CHECK(net::Clock::now() - begin < 5s);
    // The look-up ends when there is nobody left to be told.
    names.revive();
    CHECK(names.answered(1));
}
