// SPDX-License-Identifier: Apache-2.0
#include "sink/memory_queue.hpp"

#include "test/sink/queue_line.hpp"

#include <string>
#include <utility>

#include <catch2/catch.hpp>

namespace {

using sink::Batch;
using Line = sink_test::QueueLine<sink::MemoryQueue>;

// Of a body so long that what a batch takes beside it does not matter.
constexpr std::size_t kBody = 10'000;

Batch batch(sink::Seconds tick, std::uint32_t number, bool last) {
    return {tick, number, last, 7, std::string(kBody, 'x')};
}

TEST_CASE("a queue gives batches in their order") {
    Line line{100 * kBody};
    CHECK(line.front() == nullptr);
    line.push(batch(15, 0, false));
    line.push(batch(15, 1, true));
    line.push(batch(30, 0, true));
    CHECK(line.queue.waiting().batches == 3);
    CHECK(line.queue.waiting().points == 21);
    for (const auto& [tick, number] : {std::pair{15, 0U}, {15, 1U}, {30, 0U}}) {
        REQUIRE(line.front() != nullptr);
        CHECK(line.front()->tick == tick);
        CHECK(line.front()->number == number);
        CHECK(line.queue.waiting().oldest == tick);
        line.pop();
    }
    CHECK(line.front() == nullptr);
    CHECK(line.queue.waiting().bytes == 0);
    CHECK(line.queue.waiting().points == 0);
    CHECK(line.queue.waiting().oldest == 0);
}

TEST_CASE("a queue is full from its bound on, until there is less") {
    Line line{2 * kBody};
    line.push(batch(15, 0, false));
    CHECK_FALSE(line.queue.full());
    line.push(batch(15, 1, true));
    CHECK(line.queue.full());
    line.pop();
    CHECK_FALSE(line.queue.full());
}

}  // namespace
