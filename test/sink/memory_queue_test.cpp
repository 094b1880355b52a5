// SPDX-License-Identifier: Apache-2.0
#include "sink/memory_queue.hpp"

#include "test/net/run.hpp"

#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace {

using sink::Batch;
using sink::MemoryQueue;

// Of a body so long that what a batch takes beside it does not matter.
constexpr std::size_t kBody = 10'000;

Batch batch(sink::Seconds tick, std::uint32_t number, bool last) {
    return {tick, number, last, 7, std::string(kBody, 'x')};
}

// A queue that is asked without a loop of one's own.
struct Line {
    boost::asio::io_context loop;
    MemoryQueue queue;

    explicit Line(std::size_t most_bytes) : queue{most_bytes} {}
    void push(Batch each) {
        loop.restart();
        test::run(loop, queue.push(std::move(each)));
    }
    const Batch* front() {
        loop.restart();
        return test::run(loop, queue.front());
    }
    void pop() {
        loop.restart();
        test::run(loop, queue.pop());
    }
};

TEST_CASE("a queue gives batches in their order, when their tick is whole") {
    Line line{100 * kBody};
    CHECK(line.front() == nullptr);
    line.push(batch(15, 0, false));
    CHECK(line.front() == nullptr);
    line.push(batch(15, 1, true));
    REQUIRE(line.front() != nullptr);
    CHECK(line.front()->number == 0);
    line.pop();
    REQUIRE(line.front() != nullptr);
    CHECK(line.front()->number == 1);
    CHECK(line.queue.waiting().points == 7);
    CHECK(line.queue.waiting().oldest == 15);
    line.pop();
    CHECK(line.front() == nullptr);
    CHECK(line.queue.waiting().bytes == 0);
    CHECK(line.queue.newest_tick() == 15);
}

TEST_CASE("a full queue lets the oldest tick go as a whole, counted") {
    Line line{3 * kBody};
    line.push(batch(15, 0, false));
    line.push(batch(15, 1, true));
    REQUIRE(line.front() != nullptr);
    line.push(batch(30, 0, true));
    CHECK(line.queue.waiting().dropped == 14);
    CHECK(line.queue.waiting().oldest == 30);
    // What was shown is gone: nothing else goes for it.
    line.pop();
    CHECK(line.queue.waiting().batches == 1);
    REQUIRE(line.front() != nullptr);
    CHECK(line.front()->tick == 30);
}

TEST_CASE("a tick that does not fit goes with what is still to come of it") {
    Line line{2 * kBody};
    for (std::uint32_t number = 0; number < 4; ++number) line.push(batch(15, number, number == 3));
    CHECK(line.queue.waiting().dropped == 28);
    CHECK(line.queue.waiting().batches == 0);
    CHECK(line.front() == nullptr);
    line.push(batch(30, 0, true));
    REQUIRE(line.front() != nullptr);
    CHECK(line.front()->tick == 30);
}

}  // namespace
