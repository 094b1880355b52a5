// SPDX-License-Identifier: Apache-2.0
// Figures that cannot be: extreme ones, more than the node has, across a clock that was set.
#include "storage/points.hpp"
#include "test/storage/point_rules.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace storage;

TEST_CASE("extreme figures neither overflow nor divide by zero") {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    constexpr Nanos kLatest = std::numeric_limits<Nanos>::max();
    // Three times this just fits.
    constexpr std::chrono::hours kAges{24 * 365 * 97};
    constexpr WindowRules wide{std::chrono::nanoseconds{1}, kAges, kAges};
    Points points;
    PageRow line = row("ns", "pod", "c", 1, 1);
    line.cpu = Reading{1, 1};
    line.started = std::numeric_limits<Nanos>::min();
    add(points, line, page_at(1), wide);
    CHECK(points.started == 0);

    SECTION("a rate that does not fit is the greatest that does") {
        line.cpu = Reading{kMost, 2};
        add(points, line, page_at(1), wide);
        CHECK(usage_of(points).cpu == kMost);
        CHECK(usage_of(points).window.count() == 1);
    }
    SECTION("a product that does not fit 64 bits gives the right quotient") {
        // 1e19 ns in 3e9 s.
        line.cpu = Reading{10'000'000'000'000'000'001U, 3'000'000'000'000'000'001};
        add(points, line, page_at(1), wide);
        CHECK(usage_of(points).cpu == 3'333'333'333U);
    }
    SECTION("the longest window") {
        line.cpu = Reading{kMost, kLatest};
        line.started = kLatest;
        add(points, line, page_at(1), wide);
        CHECK(standing(points, at(1), wide) == Standing::unrated);
    }
}

TEST_CASE("no rate is greater than the page's most") {
    PageMoment moment = page_at(1000);
    moment.most_nanocores = 2'000'000'000;
    const auto add_at = [&](Points& points, double sampled, double cpu, double started = 0) {
        moment.at = at(sampled);
        return add(points, row("ns", "pod", "c", sampled, cpu, started), moment, kRules);
    };
    Points points;
    add_at(points, 1000, 50);
    SECTION("the most is not over it") {
        CHECK(add_at(points, 1010, 70) == Added::sample);
        CHECK(usage_of(points).cpu == 2'000'000'000);
    }
    SECTION("more costs this rate alone") {
        CHECK(add_at(points, 1010, 70.00000001) == Added::impossible);
        CHECK(standing(points, at(1010), kRules) == Standing::unrated);
        CHECK(points.lost == Points::Lost::impossible);
        CHECK(add_at(points, 1020, 80) == Added::sample);
        CHECK(usage_of(points).cpu == 999'999'999);
    }
    SECTION("a start is no way around it") {
        Points fresh;
        CHECK(add_at(fresh, 1010, 21, 1000) == Added::impossible);
        CHECK(add_at(fresh, 1010, 21, 1000) == Added::repeated);
        CHECK(standing(fresh, at(1010), kRules) == Standing::unrated);
    }
}

TEST_CASE("points of different settings of the clock make no window") {
    Points points;
    const auto add_under = [&](std::uint8_t setting, double sampled, double cpu) {
        PageMoment moment = page_at(sampled);
        moment.clock = setting;
        return add(points, row("ns", "pod", "c", sampled, cpu), moment, kRules);
    };
    add_under(0, 1000, 1);
    add_under(0, 1010, 2);
    // Its sample is from before: what was served still is.
    CHECK(add_under(1, 1010, 2) == Added::repeated);
    CHECK(standing(points, at(1010), kRules) == Standing::rated);
    CHECK(add_under(2, 1020, 3) == Added::clock_set);
    CHECK(points.lost == Points::Lost::clock_set);
    CHECK(standing(points, at(1020), kRules) == Standing::unrated);
    CHECK(add_under(2, 1030, 4) == Added::sample);
    CHECK(usage_of(points).cpu == 100'000'000);
}
