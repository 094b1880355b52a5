// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/curves.hpp"

#include <catch2/catch.hpp>

using apiserver::CurveColumn;
using storage::history::Peak;

namespace {

Peak cpu_peak(std::uint64_t nanocores) {
    return {nanocores, 0, true};
}

std::string curve_of(const CurveColumn& column, std::size_t row, double scale) {
    std::string out;
    column.append(out, row, scale);
    return out;
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
