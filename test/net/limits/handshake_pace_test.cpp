// SPDX-License-Identifier: Apache-2.0
#include "net/limits/handshake_pace.hpp"

#include "test/net/run.hpp"

#include <ctime>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {

std::chrono::nanoseconds cpu_time() {
    std::timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return std::chrono::seconds{spent.tv_sec} + std::chrono::nanoseconds{spent.tv_nsec};
}

struct Step final : net::HandshakePace::Step {
    Step(std::string n, std::size_t c, std::string& l) : name{std::move(n)}, size{c}, log{l} {}
    void take() override {
        log += name;
        taken_at = net::Clock::now();
        const auto end = cpu_time() + 2ms;
        while (cpu_time() < end) {
        }
        ended_at = net::Clock::now();
    }
    std::size_t crowd() const override { return size; }
    std::string name;
    std::size_t size;
    std::string& log;
    net::Clock::time_point taken_at{};
    net::Clock::time_point ended_at{};
};

}  // namespace

TEST_CASE("A handshake that nobody is before is not delayed") {
    boost::asio::io_context loop{1};
    net::HandshakePace pace{loop.get_executor(), 0.25};
    std::string taken;
    Step a{"a", 1, taken};
    pace.ask(a);
    CHECK(taken == "a");
}

TEST_CASE("Of the handshakes that wait those of small crowds go first and the latest of equals") {
    boost::asio::io_context loop{1};
    net::HandshakePace pace{loop.get_executor(), 0.25};
    std::string taken;
    Step first{"-", 9, taken};
    Step a{"a", 9, taken};
    Step b{"b", 9, taken};
    Step c{"c", 1, taken};
    std::optional<Step> gone{std::in_place, "x", 1, taken};
    pace.ask(first);
    for (Step* step : {&a, &c, &b}) pace.ask(*step);
    pace.ask(*gone);
    CHECK(taken == "-");
    gone.reset();
    loop.run();
    CHECK(taken == "-cba");
}

TEST_CASE("Handshakes pause in proportion to the CPU that they took") {
    boost::asio::io_context loop{1};
    net::HandshakePace pace{loop.get_executor(), 0.25};
    std::string taken;
    Step a{"a", 1, taken};
    Step b{"b", 1, taken};
    pace.ask(a);
    pace.ask(b);
    loop.run();
    CHECK(taken == "ab");
    // Three times 2 ms.
    CHECK(b.taken_at - a.ended_at >= 6ms);
}

TEST_CASE("A pace that ends before its pause does leaves nothing behind") {
    boost::asio::io_context loop{1};
    std::string taken;
    Step a{"a", 1, taken};
    Step b{"b", 1, taken};
    {
        net::HandshakePace pace{loop.get_executor(), 0.25};
        pace.ask(a);
        pace.ask(b);
    }
    loop.run();
    CHECK(taken == "a");
}
