// SPDX-License-Identifier: Apache-2.0
// Values are worked out by hand from docs/querying of Prometheus, not by this code.
#include "test/query/ask.hpp"
#include "test/query/memory_source.hpp"

#include <limits>
#include <string>

#include <catch2/catch.hpp>

using query_test::Asked;
using query_test::kNone;
using query_test::MemorySource;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("sum, avg, min, max and count by labels and without them") {
    const MemorySource source = query_test::pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.range("sum by (ns) (m)", 30, 30, 1) == "{ns=\"a\"} 3@30\n{ns=\"b\"} 7@30\n");
    CHECK(asked.range("avg by (ns) (m)", 30, 30, 1) == "{ns=\"a\"} 1.5@30\n{ns=\"b\"} 3.5@30\n");
    CHECK(asked.range("min by (ns) (m)", 30, 30, 1) == "{ns=\"a\"} 1@30\n{ns=\"b\"} 3@30\n");
    CHECK(asked.range("max by (ns) (m)", 30, 30, 1) == "{ns=\"a\"} 2@30\n{ns=\"b\"} 4@30\n");
    CHECK(asked.range("count by (ns, nothing) (m)", 30, 30, 1) == "{ns=\"a\"} 2@30\n{ns=\"b\"} 2@30\n");
    CHECK(asked.range("sum without (pod) (m)", 30, 30, 1) == "{ns=\"a\"} 3@30\n{ns=\"b\"} 7@30\n");
    CHECK(asked.instant("sum(m)", 30) == "{} 10\n");
    CHECK(asked.instant("sum by (__name__) (m)", 30) == "{__name__=\"m\"} 10\n");
    CHECK(asked.instant("sum by () (m{ns=\"a\"})", 30) == "{} 3\n");
    CHECK(asked.instant("sum(nothing)", 30).empty());
    CHECK(asked.instant("count({ns=~\"a|b\",node=\"\"})", 30) == "{} 6\n");
    CHECK(asked.range("sum without (ns, pod) (m)", 30, 60, 15) == "{} 10@30 10@45 10@60\n");
}

TEST_CASE("aggregations of what is not finite") {
    MemorySource source;
    source.add("a{x=\"1\"}", 15, {kNaN, kInf, 1e308, kNone});
    source.add("a{x=\"2\"}", 15, {2, -kInf, 1e308, 5});
    source.add("a{x=\"3\"}", 15, {1, 1, 1e308, 4});
    Asked asked{source, {}, 1, {}};
    asked.options.lookback = std::chrono::seconds{10};
    CHECK(asked.range("sum(a)", 0, 45, 15) == "{} NaN@0 NaN@15 +Inf@30 9@45\n");
    CHECK(asked.range("avg(a)", 15, 45, 15).substr(0, 10) == "{} NaN@15 ");
    CHECK(asked.instant("avg(a) == bool 1e308", 30) == "{} 1\n");
    CHECK(asked.range("min(a)", 0, 45, 15).find("{} 1@0 -Inf@15 ") == 0);
    CHECK(asked.range("max(a)", 0, 15, 15) == "{} 2@0 +Inf@15\n");
    CHECK(asked.range("count(a)", 0, 45, 15) == "{} 3@0 3@15 3@30 2@45\n");
}

TEST_CASE("sums do not lose small parts") {
    MemorySource source;
    source.add("a{x=\"1\"}", 15, {1e16});
    source.add("a{x=\"2\"}", 15, {1});
    source.add("a{x=\"3\"}", 15, {-1e16});
    Asked asked{source, {}, 1, {}};
    CHECK(asked.instant("sum(a)", 1) == "{} 1\n");
    CHECK(asked.instant("avg(a) * 3", 1) == "{} 1\n");
}

TEST_CASE("topk, bottomk and sort") {
    MemorySource source = query_test::pods();
    source.add("m{ns=\"b\",pod=\"nan\"}", 15, {kNaN, kNaN, kNaN});
    Asked asked{source, {}, 1, {}};
    const std::string a2 = "{__name__=\"m\", ns=\"a\", pod=\"a2\"}";
    const std::string b1 = "{__name__=\"m\", ns=\"b\", pod=\"b1\"}";
    const std::string b2 = "{__name__=\"m\", ns=\"b\", pod=\"b2\"}";
    CHECK(asked.instant("topk(2, m)", 30) == b2 + " 4\n" + b1 + " 3\n");
    CHECK(asked.instant("topk by (ns) (1, m)", 30) == a2 + " 2\n" + b2 + " 4\n");
    CHECK(asked.instant("bottomk without (pod) (1.9, m{ns=\"b\"})", 30) == b1 + " 3\n");
    CHECK(asked.instant("bottomk(9, m{ns=\"b\"})", 30) ==
          b1 + " 3\n" + b2 + " 4\n{__name__=\"m\", ns=\"b\", pod=\"nan\"} NaN\n");
    CHECK(asked.instant("topk(0, m)", 30).empty());
    CHECK(asked.instant("topk(-1, m)", 30).empty());
    CHECK(asked.instant("topk(NaN, m)", 30) == "error execution: Parameter value is NaN");
    CHECK(asked.instant("topk(1e20, m)", 30) == "error execution: Scalar value 1e+20 overflows int64");
    // Also where there is nothing to rank.
    CHECK(asked.instant("topk(scalar(nothing), nothing)", 30) == "error execution: Parameter value is NaN");
    CHECK(asked.instant("sort(m{ns=\"b\"})", 30) ==
          b1 + " 3\n" + b2 + " 4\n{__name__=\"m\", ns=\"b\", pod=\"nan\"} NaN\n");
    CHECK(asked.instant("sort_desc(m{ns=\"b\"})", 30) ==
          b2 + " 4\n" + b1 + " 3\n{__name__=\"m\", ns=\"b\", pod=\"nan\"} NaN\n");
    // Each step for itself.
    MemorySource crossing;
    crossing.add("m{x=\"1\"}", 15, {1, 5});
    crossing.add("m{x=\"2\"}", 15, {2, 4});
    Asked over{crossing, {}, 1, {}};
    CHECK(over.range("topk(1, m)", 0, 15, 15) ==
          "{__name__=\"m\", x=\"1\"} 5@15\n{__name__=\"m\", x=\"2\"} 2@0\n");
    CHECK(over.range("topk(time() / 15, m)", 0, 15, 15) == "{__name__=\"m\", x=\"1\"} 5@15\n");
    // Of equals the first to come; each takes the place of one before it, which is let go at that step alone.
    MemorySource growing;
    for (int i = 1; i <= 9; ++i) {
        const double last = i < 9 ? i : 1;
        growing.add("m{x=\"" + std::to_string(i) + "\"}", 15, {7, static_cast<double>(10 - i), last});
    }
    Asked ranked{growing, {}, 1, {}};
    CHECK(ranked.range("topk(1, m)", 0, 30, 15) ==
          "{__name__=\"m\", x=\"1\"} 7@0 9@15\n{__name__=\"m\", x=\"8\"} 8@30\n");
    CHECK(ranked.range("bottomk(2, m)", 0, 30, 15) ==
          "{__name__=\"m\", x=\"1\"} 7@0 1@30\n{__name__=\"m\", x=\"2\"} 7@0\n"
          "{__name__=\"m\", x=\"8\"} 2@15\n{__name__=\"m\", x=\"9\"} 1@15 1@30\n");
    // Nothing but the answer is held in the end.
    const std::string all = ranked.range("m", 0, 30, 15);
    const std::size_t held = ranked.usage.held;
    CHECK(ranked.range("topk(9, m)", 0, 30, 15) == all);
    CHECK(ranked.usage.held == held);
}
