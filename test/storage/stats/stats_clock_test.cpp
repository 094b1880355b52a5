// SPDX-License-Identifier: Apache-2.0
#include "storage/stats/stats_clock.hpp"

#include <catch2/catch.hpp>

using storage::stats::StatsClock;

TEST_CASE("StatsClock shows the wall clock while that goes on") {
    StatsClock clock{60};
    CHECK(clock.advance(1000) == 1000);
    CHECK(clock.advance(1000) == 1000);
    CHECK(clock.advance(1059) == 1059);
    // Set forward.
    CHECK(clock.advance(9000) == 9000);
    CHECK(clock.wall_of(1020) == 1020);
}

TEST_CASE("StatsClock never goes back, and what was before moves with the wall clock") {
    StatsClock clock{60};
    clock.advance(6000);
    // A little: it stands still until that is made up.
    CHECK(clock.advance(5950) == 6000);
    CHECK(clock.advance(5999) == 6000);
    CHECK(clock.wall_of(6000) == 6000);
    CHECK(clock.advance(6001) == 6001);
    // By ten minutes and a second, in whole ticks.
    CHECK(clock.advance(5400) == 6060);
    CHECK(clock.advance(5401) == 6061);
    CHECK(clock.wall_of(6060) == 5400);
    CHECK(clock.shown_at(5400) == 6060);
    CHECK(clock.wall_of(6000) % 60 == 0);
}
