// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/pages/sampling.hpp"

#include "test/sim/cluster/seed.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

namespace sim {
namespace {

constexpr Millis kNowMillis = 1'795'408'000'000;
constexpr Sampling kHousekeeping{Sampling::Mode::cadvisor, 0};

SampleClock old_container(std::uint64_t key) {
    return {kHousekeeping, Sampled::container, mix(key, 77), kNowMillis - 86'400'000, kNowMillis};
}

// The share of clocks whose last sample is the same `later` ms afterwards.
double unchanged(Millis later) {
    constexpr int kClocks = 20'000;
    int same = 0;
    for (int i = 0; i < kClocks; ++i) {
        SampleClock clock = old_container(static_cast<std::uint64_t>(i));
        clock.advance(kNowMillis + 100'000);
        same += clock.advance(kNowMillis + 100'000 + later) ? 0 : 1;
    }
    return static_cast<double>(same) / kClocks;
}

}  // namespace

// Of the container lines of the real sequences (test/fixtures): 63 % after 5 s, a third after 10, 13 %
// after 15.
TEST_CASE("As many samples repeat as on real kubelets") {
    CHECK(unchanged(5'000) == Approx(0.63).margin(0.02));
    CHECK(unchanged(10'000) == Approx(0.34).margin(0.02));
    CHECK(unchanged(15'000) == Approx(0.13).margin(0.02));
    CHECK(unchanged(30'000) == 0);
}

TEST_CASE("Gaps between the samples of a container are as long as on real kubelets") {
    Millis shortest = kNowMillis, longest = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
        SampleClock clock = old_container(i);
        clock.advance(kNowMillis - 100);
        Millis last = 0;
        for (Millis at = kNowMillis; at < kNowMillis + 600'000; at += 100) {
            if (!clock.advance(at)) continue;
            if (last != 0) {
                shortest = std::min(shortest, clock.last() - last);
                longest = std::max(longest, clock.last() - last);
            }
            last = clock.last();
            CHECK(clock.last() > at - 100);
            CHECK(clock.last() <= at);
        }
    }
    CHECK(shortest >= 1'500);
    CHECK(shortest < 1'600);
    CHECK(longest <= 29'500);
    CHECK(longest > 29'000);
}

TEST_CASE("The rhythm does not depend on how often one looks") {
    SampleClock often = old_container(5);
    SampleClock seldom = old_container(5);
    for (Millis at = kNowMillis; at <= kNowMillis + 120'000; at += 1'000) often.advance(at);
    seldom.advance(kNowMillis + 120'000);
    CHECK(often.recent() == seldom.recent());
    CHECK(std::is_sorted(often.recent().rbegin(), often.recent().rend()));
}

TEST_CASE("A new container is first sampled within a second of its start") {
    for (std::uint64_t i = 0; i < 100; ++i) {
        SampleClock clock{kHousekeeping, Sampled::container, mix(i), kNowMillis, kNowMillis - 500'000};
        CHECK_FALSE(clock.advance(kNowMillis + 49));
        CHECK(clock.last() == 0);
        CHECK(clock.advance(kNowMillis + 1'000));
        CHECK(clock.last() >= kNowMillis + 50);
    }
}

TEST_CASE("The node is sampled every ten seconds") {
    SampleClock clock{kHousekeeping, Sampled::node, 1, kNowMillis - 86'400'000, kNowMillis};
    clock.advance(kNowMillis + 100'000);
    for (std::size_t i = 1; i < SampleClock::kRecent; ++i) {
        const Millis gap = clock.recent()[i - 1] - clock.recent()[i];
        CHECK(gap >= 10'000);
        CHECK(gap <= 10'060);
    }
}

TEST_CASE("Sampling by the CRI happens at the request and for containers only") {
    const Sampling cri{Sampling::Mode::cri, 0};
    SampleClock container{cri, Sampled::container, 3, kNowMillis - 86'400'000, kNowMillis};
    for (Millis at = kNowMillis; at < kNowMillis + 100'000; at += 5'000) {
        CHECK(container.advance(at));
        CHECK(container.last() <= at);
        CHECK(container.last() >= at - 8);
    }
    SampleClock pod{cri, Sampled::pod, 3, kNowMillis - 86'400'000, kNowMillis};
    int fresh = 0;
    for (Millis at = kNowMillis; at < kNowMillis + 100'000; at += 1'000) fresh += pod.advance(at) ? 1 : 0;
    CHECK(fresh < 25);
}

TEST_CASE("Fixed sampling gives everything of a node the same moments") {
    const Sampling fixed{Sampling::Mode::fixed, 10'000};
    SampleClock a{fixed, Sampled::container, 1234, kNowMillis - 86'400'000, kNowMillis};
    SampleClock b{fixed, Sampled::node, 1234, kNowMillis - 5'000'000, kNowMillis};
    a.advance(kNowMillis + 33'000);
    b.advance(kNowMillis + 33'000);
    CHECK(a.recent()[0] == b.recent()[0]);
    CHECK(a.recent()[0] - a.recent()[1] == 10'000);
    CHECK(a.last() % 10'000 == 1'234);
    SampleClock young{fixed, Sampled::container, 1234, kNowMillis, kNowMillis - 100'000};
    young.advance(kNowMillis + 10'000);
    CHECK(young.last() > kNowMillis);
}

TEST_CASE("The sampling flag") {
    struct Case {
        const char* text;
        bool good;
        Sampling::Mode mode;
        Millis interval;
    };
    const Case cases[] = {
        {"cadvisor", true, Sampling::Mode::cadvisor, 0},
        {"cri", true, Sampling::Mode::cri, 0},
        {"fixed:10s", true, Sampling::Mode::fixed, 10'000},
        {"fixed:500ms", true, Sampling::Mode::fixed, 500},
        {"fixed:", false, {}, 0},
        {"fixed:0s", false, {}, 0},
        {"fixed:10", false, {}, 0},
        {"fixed:10m", false, {}, 0},
        {"", false, {}, 0},
        {"fixed:99999999999999999999s", false, {}, 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto parsed = Sampling::parse(c.text);
        REQUIRE(parsed.has_value() == c.good);
        if (!c.good) continue;
        CHECK(parsed->mode == c.mode);
        CHECK(parsed->interval == c.interval);
    }
}

}  // namespace sim
