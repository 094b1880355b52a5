// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/spool_queue.hpp"

#include "test/sink/queue_line.hpp"
#include "test/sink/spool/spool_lab.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sink::spool {
namespace {

using SpoolLine = sink_test::QueueLine<SpoolQueue>;

// Pushes so many ticks.
net::Task<> push_ticks(SpoolQueue& queue, Seconds ticks) {
    for (Seconds tick = 1; tick <= ticks; ++tick) {
        co_await queue.push(batch(tick, 0, false));
        co_await queue.push(batch(tick, 1, true));
    }
}

// Sends until it has seen so many batches.
net::Task<> send(SpoolQueue& queue, std::size_t batches, std::string& sent) {
    while (batches != 0) {
        const Batch* const front = co_await queue.front();
        if (!front) continue;
        sent += name_of(*front) + " ";
        co_await queue.pop();
        --batches;
    }
}

}  // namespace

TEST_CASE("A queue on disk gives what was pushed, and after a restart what was not sent") {
    const SpoolLab lab;
    {
        SpoolLine line{lab.options()};
        CHECK(line.open().empty());
        CHECK(line.front() == nullptr);
        line.push(batch(15, 0, false));
        CHECK(line.front() == nullptr);
        line.push(batch(15, 1, true));
        const Batch* const front = line.front();
        REQUIRE(front != nullptr);
        CHECK(name_of(*front) == "15/0");
        CHECK(line.queue.waiting().points == 14);
        CHECK(line.queue.kept_to() == 15);
        CHECK(!line.queue.front_may_be_sent());
        line.push(batch(30, 0, true));
        // It is not read again.
        CHECK(line.front() == front);
        line.pop();
        CHECK(name_of(*line.front()) == "15/1");
    }
    SpoolLine line{lab.options()};
    CHECK(line.open().empty());
    CHECK(line.queue.kept_to() == 30);
    REQUIRE(line.front() != nullptr);
    CHECK(name_of(*line.front()) == "15/1");
    CHECK(line.queue.front_may_be_sent());
    SpoolLine other{lab.options()};
    CHECK(other.open().find("another process") != std::string::npos);
}

TEST_CASE("A batch that had to go while it was shown is not popped") {
    const SpoolLab lab;
    SpoolOptions options = lab.options();
    options.most_bytes = 1000;
    SpoolLine line{options};
    line.open();
    line.push(batch(1, 0, true));
    REQUIRE(line.front() != nullptr);
    for (Seconds tick = 2; tick <= 30; ++tick) line.push(batch(tick, 0, true));
    CHECK(line.queue.waiting().dropped > 0);
    const std::size_t before = line.queue.waiting().batches;
    SECTION("its sender is done with it") {
        line.pop();
        CHECK(line.queue.waiting().batches == before);
    }
    SECTION("its sender is about to try again") {}
    REQUIRE(line.front() != nullptr);
    CHECK(line.front()->tick == static_cast<Seconds>(31 - before));
}

TEST_CASE("A queue on disk is pushed to and sent from at the same time") {
    const SpoolLab lab;
    SpoolOptions options = lab.options();
    options.segment_bytes = 2000;
    SpoolLine line{options};
    line.open();
    std::string sent;
    std::string expected;
    for (int tick = 1; tick <= 100; ++tick)
        expected += std::to_string(tick) + "/0 " + std::to_string(tick) + "/1 ";
    line.loop.restart();
    test::start(line.loop, push_ticks(line.queue, 100));
    test::start(line.loop, send(line.queue, 200, sent));
    line.loop.run();
    CHECK(sent == expected);
    CHECK(line.queue.waiting().batches == 0);
    CHECK(line.queue.waiting().failures == 0);
}

}  // namespace sink::spool
