// SPDX-License-Identifier: Apache-2.0
#include "topd/pods_first.hpp"

#include "test/net/run.hpp"
#include "test/topd/serving/health_world.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {

// Far more than any of this takes.
constexpr auto kPatience = 60s;

// A start that waits for its pods, until the loop goes.
struct WaitingStart {
    test::FakeReflector pods;
    bool over = false;
    boost::asio::io_context loop{1};

    WaitingStart() { pods.is_synced = false; }

    net::Task<> wait(std::chrono::milliseconds limit, std::chrono::milliseconds pace) {
        co_await topd::pods_first(pods, limit, pace);
        over = true;
    }
};

}  // namespace

TEST_CASE("nodes come at once when nothing is to be had from waiting for the pods") {
    WaitingStart start;
    SECTION("the pods are listed") {
        start.pods.is_synced = true;
    }
    SECTION("their list failed") {
        start.pods.error = "connection refused";
    }
    test::start(start.loop, start.wait(1h, 1h));
    start.loop.poll();
    CHECK(start.over);
}

TEST_CASE("nodes wait until the pods are listed, or their list fails") {
    WaitingStart start;
    test::start(start.loop, start.wait(1h, 1ms));
    start.loop.poll();
    CHECK_FALSE(start.over);
    SECTION("the pods are listed") {
        start.pods.is_synced = true;
    }
    SECTION("their list fails") {
        start.pods.error = "connection refused";
    }
    start.loop.run_for(kPatience);
    CHECK(start.over);
}

TEST_CASE("nodes wait no longer than the limit for pods of which nothing is heard") {
    WaitingStart start;
    const auto began = net::Clock::now();
    test::start(start.loop, start.wait(10ms, 1ms));
    start.loop.run_for(kPatience);
    CHECK(start.over);
    CHECK(net::Clock::now() - began >= 10ms);
}
