// SPDX-License-Identifier: Apache-2.0
#include "net/backoff.hpp"

#include <set>

#include <catch2/catch.hpp>

using namespace net;
using namespace std::chrono_literals;

TEST_CASE("Backoff doubles up to its limit and stays within half of the step") {
    net::Clock::time_point now{1000h};
    Backoff backoff{{}, 1};
    for (const auto step : {800ms, 1'600ms, 3'200ms, 6'400ms, 12'800ms, 25'600ms, 30'000ms, 30'000ms}) {
        const auto wait = backoff.next(now);
        CAPTURE(step.count(), wait.count());
        CHECK(wait >= step / 2);
        CHECK(wait <= step);
        now += wait;
    }
}

TEST_CASE("Backoff begins anew after two minutes without a failure") {
    net::Clock::time_point now{1000h};
    Backoff backoff{{}, 1};
    for (int i = 0; i < 6; ++i) backoff.next(now);
    CHECK(backoff.next(now + 120s) > 800ms);
    CHECK(backoff.next(now + 120s + 120'001ms) <= 800ms);
}

TEST_CASE("Backoff differs from one client to the next") {
    std::set<std::chrono::milliseconds> waits;
    for (std::uint32_t seed = 1; seed <= 20; ++seed)
        waits.insert(Backoff{{}, seed}.next(net::Clock::time_point{1h}));
    CHECK(waits.size() > 10);
}
