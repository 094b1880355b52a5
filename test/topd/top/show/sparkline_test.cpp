// SPDX-License-Identifier: Apache-2.0
#include "topd/top/show/sparkline.hpp"

#include <catch2/catch.hpp>

using namespace topd::top;

namespace {

std::string spark(const Curve& curve, double scale, std::size_t cells, Marks marks = Marks::blocks) {
    return sparkline(curve, scale, cells, marks);
}

}  // namespace

TEST_CASE("A curve's letters are levels of its scale, and gaps") {
    const Curve curve = read_curve("Aaz09-_. \xff", 630);
    REQUIRE(curve.size() == 10);
    const double expected[] = {0, 260, 510, 520, 610, 620, 630};
    for (std::size_t i = 0; i < 7; ++i) CHECK(curve[i].value() == Approx(expected[i]));
    for (std::size_t i = 7; i < 10; ++i) CHECK_FALSE(curve[i]);
    CHECK(read_curve("", 630).empty());
}

TEST_CASE("A sparkline has eight levels, and a space where there is no point") {
    const Curve rising{0, 10, 20, 30, 40, 50, 60, 70};
    CHECK(spark(rising, 70, 8) == "▁▂▃▄▅▆▇█");
    CHECK(spark(rising, 70, 8, Marks::ascii) == "_.-~=+*#");
    CHECK(spark({std::nullopt, 70, std::nullopt, 0}, 70, 8) == " █ ▁");
    CHECK(spark({}, 70, 8).empty());
    // More than the scale, and a scale that is none.
    CHECK(spark({71, 1e300}, 70, 8) == "██");
    CHECK(spark({5, 0}, 0, 8) == "▁▁");
}

TEST_CASE("A cell of a sparkline shows the highest of its points") {
    CHECK(spark({0, 70, 0, 0, std::nullopt, 40, std::nullopt, std::nullopt}, 70, 4) == "█▁▅ ");
    // Unequal cells: 2, 2 and 3 points.
    CHECK(spark({0, 10, 20, 30, 40, 50, 70}, 70, 3) == "▂▄█");
    // 64 levels of topd's, all 60 points in one cell.
    CHECK(spark(read_curve(std::string(59, 'A') + "_", 70), 70, 1) == "█");
}
