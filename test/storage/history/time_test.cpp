// SPDX-License-Identifier: Apache-2.0
#include "storage/history/time.hpp"

#include <catch2/catch.hpp>

using namespace storage::history;

TEST_CASE("ticks end at whole multiples of their length") {
    TickClock clock{15};
    const Tick first = clock.advance(1'800'000'001);
    CHECK(clock.time(first) == 1'800'000'000);
    const Tick second = clock.advance(1'800'000'015);
    CHECK(second == first + 1);
    CHECK(clock.time(second) == 1'800'000'015);
    // A moment early.
    CHECK(clock.time(clock.advance(1'800'000'029)) == 1'800'000'030);
}

TEST_CASE("a clock that is set forward leaves ticks out") {
    TickClock clock{15};
    const Tick first = clock.advance(1'800'000'000);
    const Tick second = clock.advance(1'800'000'600);
    CHECK(second == first + 40);
    CHECK(clock.time(first) == 1'800'000'000);
    CHECK(clock.time(second) == 1'800'000'600);
}

TEST_CASE("what was before moves back with a clock that is set back") {
    TickClock clock{15};
    const Tick first = clock.advance(1'800'000'000);
    const Tick second = clock.advance(1'800'000'015);
    const Tick third = clock.advance(1'799'996'430);
    CHECK(third == second + 1);
    CHECK(clock.time(third) == 1'799'996'430);
    CHECK(clock.time(second) == 1'799'996'415);
    CHECK(clock.time(first) == 1'799'996'400);
    CHECK(clock.advance(1'799'996'445) == third + 1);
}

TEST_CASE("times are found among ticks") {
    TickClock clock{15};
    const Tick tick = clock.advance(1'800'000'000);
    CHECK(clock.at_or_before(1'800'000'000) == tick);
    CHECK(clock.at_or_before(1'800'000'014) == tick);
    CHECK(clock.at_or_before(1'799'999'999) == tick - 1);
    CHECK(clock.at_or_after(1'800'000'000) == tick);
    CHECK(clock.at_or_after(1'800'000'001) == tick + 1);
    CHECK(clock.at_or_after(-1) == 0);
    CHECK(clock.at_or_after(INT64_MIN) == 0);
    CHECK(clock.at_or_before(INT64_MAX) == UINT32_MAX);
}
