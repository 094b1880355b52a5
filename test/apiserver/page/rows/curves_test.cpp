// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/rows/curves.hpp"

#include "apiserver/page/snapshot/tiers.hpp"
#include "storage/history/feed.hpp"
#include "storage/history/history.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

using apiserver::CurveColumn;
using storage::history::Peak;
using storage::history::Seconds;
using storage::history::Tier;

namespace {

Peak cpu_peak(std::uint64_t nanocores) {
    return {nanocores, 0, true};
}

std::string curve_of(const CurveColumn& column, std::size_t row, double scale) {
    std::string out;
    column.append(out, row, scale);
    return out;
}

// A cluster that was measured in each tick of so many seconds.
void fill(storage::history::History& history, Seconds resolution, Seconds seconds) {
    constexpr Seconds kBegun = 1'800'000'000;
    const auto node = history.feed().link_node("n1");
    for (Seconds now = kBegun; now <= kBegun + seconds; now += resolution) {
        history.feed().begin_tick(now);
        history.feed().put_node(node, {1'000'000, 4096, std::nullopt}, {});
        history.feed().end_tick();
        history.tend();
    }
}

}  // namespace

TEST_CASE("levels of small curves are rounded up, and gaps are points") {
    CurveColumn column{6};
    column.add({cpu_peak(0), cpu_peak(1), cpu_peak(50), {}, cpu_peak(99), cpu_peak(100)},
               CurveColumn::Figure::cpu);
    column.add({{}, {}, {}, {}, {}, {}}, CurveColumn::Figure::cpu);
    // Fewer than there are steps: the rest has no points.
    column.add({cpu_peak(200)}, CurveColumn::Figure::cpu);
    CHECK(column.size() == 3);
    CHECK(column.scale(1) == 200);
    CHECK(curve_of(column, 0, 100) ==
          "\"ABg._"
          "_\"");
    CHECK(curve_of(column, 1, 100) == "null");
    // Over the scale is at its end.
    CHECK(curve_of(column, 2, 100) == "\"_.....\"");
    CHECK(curve_of(column, 0, 0) == "\"AAA.AA\"");
}

TEST_CASE("a scale is the greatest value, rounded up to two digits") {
    struct Case {
        std::uint64_t value;
        std::uint64_t scale;
    };
    const Case cases[] = {{0, 0}, {1, 1}, {7, 7}, {10, 10}, {11, 11}, {99, 99}, {101, 110}, {12'345, 13'000}};
    for (const Case& c : cases) {
        CAPTURE(c.value);
        CurveColumn column{1};
        column.add({cpu_peak(c.value)}, CurveColumn::Figure::cpu);
        CHECK(column.scale(1) == c.scale);
    }
    CHECK(CurveColumn{4}.scale(1) == 0);
    CurveColumn column{1};
    column.add({cpu_peak(1'500'000)}, CurveColumn::Figure::cpu);
    // Of a unit, up: 1.5 m.
    CHECK(column.scale(1'000'000) == 2);
}

TEST_CASE("a curve has no gaps where there are points, whichever tier it is of") {
    struct Case {
        int resolution;
        int window;
        Seconds range;
        Tier tier;
        Seconds length;
        std::size_t count;
        // Oldest steps that may be without a point.
        std::size_t unreached;
    };
    const Case cases[] = {
        {15, 3600, 3600, Tier::recent, 60, 60, 0},
        // A tick less, as memory is short; a sixteenth less, the first that is given up.
        {15, 3585, 3600, Tier::recent, 60, 60, 0},
        {15, 3375, 3600, Tier::recent, 60, 60, 4},
        {15, 840, 900, Tier::recent, 15, 60, 4},
        // Too few ticks for the range: the steps are those of the long tier.
        {15, 2940, 3600, Tier::longer, 300, 12, 0},
        {15, 1800, 3600, Tier::longer, 300, 12, 0},
        {15, 600, 900, Tier::longer, 300, 3, 0},
        {15, 3600, 21600, Tier::longer, 300, 72, 0},
        {15, 3600, 86400, Tier::longer, 900, 96, 0},
        // No divisor of an hour.
        {35, 3600, 3600, Tier::recent, 60, 60, 1},
        {35, 1800, 3600, Tier::longer, 300, 12, 0},
        {420, 3600, 3600, Tier::recent, 420, 8, 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.resolution, c.window, c.range);
        storage::history::HistoryOptions options;
        options.resolution = std::chrono::seconds{c.resolution};
        options.recent_window = std::chrono::seconds{c.window};
        storage::history::History history{options};
        fill(history, c.resolution, std::max<Seconds>(2 * 3600, c.range + 1800));
        const storage::history::Steps steps = apiserver::curve_steps(history, c.range);
        CHECK(steps.tier == c.tier);
        CHECK(steps.length == c.length);
        CHECK(steps.count == c.count);
        CHECK(steps.from % steps.length == 0);
        CHECK(steps.to() >= history.reach().to);
        CHECK(steps.to() < history.reach().to + steps.length);
        storage::history::PeakReader reader{history, steps};
        reader.add(storage::history::OfNode{"n1"});
        std::vector<Peak> peaks;
        reader.take(peaks);
        const auto absent = [](const Peak& peak) { return !peak.any; };
        CHECK(static_cast<std::size_t>(std::count_if(peaks.begin(), peaks.end(), absent)) <= c.unreached);
        CHECK(std::find_if_not(peaks.begin(), peaks.end(), absent) - peaks.begin() ==
              std::count_if(peaks.begin(), peaks.end(), absent));
    }
}

TEST_CASE("a history that has just begun is told by its ticks") {
    storage::history::History history{{}};
    CHECK(apiserver::tier_for(history, 1'800'000'000, 1'800'003'600) == Tier::recent);
    fill(history, 15, 600);
    const Seconds to = history.reach().to;
    CHECK(apiserver::tier_for(history, to - 3600, to) == Tier::recent);
    CHECK(apiserver::tier_for(history, to - 21600, to) == Tier::longer);
}
