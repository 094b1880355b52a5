// SPDX-License-Identifier: Apache-2.0
// Values are worked out by hand from docs/querying of Prometheus, not by this code.
#include "test/query/ask.hpp"
#include "test/query/memory_source.hpp"

#include <limits>
#include <string>

#include <catch2/catch.hpp>

using query::kStale;
using query_test::Asked;
using query_test::kNone;
using query_test::MemorySource;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The number in `{} 12` or `scalar 12`.
double number_in(const std::string& answer) {
    INFO(answer);
    REQUIRE(answer.find(' ') != answer.npos);
    return std::stod(answer.substr(answer.find(' ')));
}

// Two namespaces with two pods each, at one time.
MemorySource pods() {
    MemorySource source;
    source.add("m{ns=\"a\",pod=\"a1\"}", 15, {1, 1, 1});
    source.add("m{ns=\"a\",pod=\"a2\"}", 15, {2, 2, 2});
    source.add("m{ns=\"b\",pod=\"b1\"}", 15, {3, 3, 3});
    source.add("m{ns=\"b\",pod=\"b2\"}", 15, {4, 4, 4});
    source.add("info{ns=\"a\",pod=\"a1\",node=\"n1\"}", 15, {1, 1, 1});
    source.add("info{ns=\"a\",pod=\"a2\",node=\"n2\"}", 15, {1, 1, 1});
    source.add("info{ns=\"b\",pod=\"b1\",node=\"n1\"}", 15, {1, 1, 1});
    source.add("limit{ns=\"a\"}", 15, {10, 10, 10});
    source.add("limit{ns=\"b\"}", 15, {20, 20, 20});
    return source;
}

}  // namespace

TEST_CASE("an instant selector takes the newest sample of the last five minutes") {
    MemorySource source;
    source.add("a{x=\"1\"}", 15, {1, 2, 3});
    Asked asked{source, {}, 1, {}};
    CHECK(asked.instant("a", 14.999) == "{__name__=\"a\", x=\"1\"} 1\n");
    CHECK(asked.instant("a", 15) == "{__name__=\"a\", x=\"1\"} 2\n");
    CHECK(asked.instant("a", 100) == "{__name__=\"a\", x=\"1\"} 3\n");
    // Open on the left: 30 s + 5 m is too old.
    CHECK(asked.instant("a", 329.999) == "{__name__=\"a\", x=\"1\"} 3\n");
    CHECK(asked.instant("a", 330).empty());
    CHECK(asked.range("a", 30, 330, 300) == "{__name__=\"a\", x=\"1\"} 3@30\n");
    CHECK(asked.instant("a", -1).empty());
    CHECK(asked.instant("a offset 1m", 90) == "{__name__=\"a\", x=\"1\"} 3\n");
    CHECK(asked.instant("a offset -30s", 0) == "{__name__=\"a\", x=\"1\"} 3\n");
    CHECK(asked.range("a", 0, 60, 20) == "{__name__=\"a\", x=\"1\"} 1@0 2@20 3@40 3@60\n");
    CHECK(asked.instant("b", 15).empty());
}

TEST_CASE("a stale marker ends a series at once, other NaNs are values") {
    MemorySource source;
    source.add("a", 15, {1, kStale, 3, kNaN});
    Asked asked{source, {}, 1, {}};
    CHECK(asked.range("a", 0, 60, 15) == "{__name__=\"a\"} 1@0 3@30 NaN@45 NaN@60\n");
    CHECK(asked.instant("avg_over_time(a[40s])", 30) == "{} 2\n");
    CHECK(asked.instant("min_over_time(a[1m])", 50) == "{} 1\n");
    CHECK(asked.instant("max_over_time(a[1m])", 50) == "{} 3\n");
    CHECK(asked.instant("max_over_time(a[10s])", 50) == "{} NaN\n");
    CHECK(asked.instant("a[1m]", 50) == "{__name__=\"a\"} 1@0 3@30 NaN@45\n");
}

TEST_CASE("rate and increase are carried on to the ends of the window") {
    MemorySource source;
    source.add("steady", 15, {0, 15, 30, 45, 60, 75});
    source.add("fell", 15, {100, 110, 5, 15});
    source.add("late", 15, {30, 40, 50}, 60);
    source.add("from_zero", 15, {3, 13, 23}, 60);
    // Prometheus before 2.51 gives 98/3.
    source.add("between", 15, {8, 18, 28}, 60);
    source.add("once", 15, {5});
    Asked asked{source, {}, 1, {}};
    asked.options.widen_windows = false;
    CHECK(number_in(asked.instant("rate(steady[1m])", 67)) == Approx(1).epsilon(1e-12));
    CHECK(number_in(asked.instant("increase(steady[1m])", 67)) == Approx(60).epsilon(1e-12));
    CHECK(number_in(asked.instant("increase(fell[1m])", 50)) == Approx(25.0 * 60 / 45).epsilon(1e-12));
    CHECK(number_in(asked.instant("increase(late[5m])", 97)) == Approx(20 * 44.5 / 30).epsilon(1e-12));
    CHECK(number_in(asked.instant("increase(from_zero[5m])", 97)) == Approx(20 * 41.5 / 30).epsilon(1e-12));
    CHECK(number_in(asked.instant("increase(between[5m])", 97)) == Approx(20 * 44.5 / 30).epsilon(1e-12));
    // The end: 43 s behind the last sample is more than 1.1 distances.
    CHECK(number_in(asked.instant("increase(steady[90s])", 118)) == Approx(45.0 * (45 + 2 + 7.5) / 45));
    // 20 s are, too; 16 s are not.
    CHECK(number_in(asked.instant("increase(steady[90s])", 95)) == Approx(77.5).epsilon(1e-12));
    CHECK(number_in(asked.instant("increase(steady[90s])", 91)) == Approx(90).epsilon(1e-12));
    CHECK(asked.instant("rate(once[5m])", 10).empty());
    CHECK(asked.instant("rate(steady[15s])", 67).empty());
    // (t - d, t]: of 15 and 30 only the second is inside.
    CHECK(asked.instant("rate(steady[15s])", 30).empty());
    CHECK(number_in(asked.instant("irate(steady[5m])", 80)) == 1);
    CHECK(number_in(asked.instant("irate(fell[1m])", 40)) == Approx(5.0 / 15));
    CHECK(number_in(asked.instant("rate(steady[1m] offset 1m)", 127)) == Approx(1).epsilon(1e-12));
}

TEST_CASE("a window with fewer than two samples reaches back to the point before") {
    MemorySource source;
    source.add("a", 300, {0, 60, 180, 30});
    source.add("gap", 300, {0, kNone, 180});
    source.add("ended", 300, {0, 60, 180});
    source.add("again{x=\"y\"}", {{300'000, 60}, {400'000, kStale}, {500'000, 90}});
    Asked asked{source, {}, 1, {}};
    CHECK(number_in(asked.instant("rate(a[1m])", 620)) == Approx(0.4));
    CHECK(asked.usage.widened == 1);
    CHECK(number_in(asked.instant("rate(a[1m])", 899.999)) == Approx(0.4));
    CHECK(number_in(asked.instant("increase(a[1m])", 620)) == Approx(24));
    CHECK(number_in(asked.instant("irate(a[1m])", 620)) == Approx(0.4));
    // A fall counts from zero.
    CHECK(number_in(asked.instant("rate(a[1m])", 901)) == Approx(0.1));
    CHECK(number_in(asked.instant("rate(a[1m] offset 5m)", 920)) == Approx(0.4));
    // Older than the lookback, or the one before it is.
    CHECK(asked.instant("rate(a[1m])", 1200).empty());
    CHECK(asked.instant("rate(gap[1m])", 620).empty());
    CHECK(asked.instant("rate(a[1m])", 10).empty());
    // Not across the end of a life.
    CHECK(asked.instant("rate(again[1m])", 520).empty());
    CHECK(asked.usage.widened == 0);
    // With two samples the answer is Prometheus' own.
    CHECK(number_in(asked.instant("rate(ended[10m])", 601)) == Approx(120.0 * (300 + 150 + 1) / 300 / 600));
    CHECK(asked.usage.widened == 0);
    asked.options.widen_windows = false;
    CHECK(asked.instant("rate(a[1m])", 620).empty());
    CHECK(asked.range("rate(ended[1m])", 0, 900, 60).empty());
    asked.options.widen_windows = true;
    // 300 + 600, each for as long as the lookback.
    CHECK(asked.range("rate(ended[1m])", 0, 900, 60) ==
          "{} 0.2@300 0.2@360 0.2@420 0.2@480 0.2@540 0.4@600 0.4@660 0.4@720 0.4@780 0.4@840\n");
    CHECK(asked.usage.widened == 10);
}

TEST_CASE("sum, avg, min, max and count by labels and without them") {
    const MemorySource source = pods();
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
    MemorySource source = pods();
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

TEST_CASE("scalars") {
    const MemorySource source = pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.instant("1+1", 4) == "scalar 2\n");
    CHECK(asked.instant("\"a\"", 4) == "string a");
    CHECK(asked.instant("time()", 4.5) == "scalar 4.5\n");
    CHECK(asked.range("time() * 2", 0, 30, 15) == "{} 0@0 30@15 60@30\n");
    CHECK(asked.instant("vector(1)", 4) == "{} 1\n");
    CHECK(asked.instant("scalar(limit{ns=\"a\"})", 30) == "scalar 10\n");
    CHECK(asked.instant("scalar(limit)", 30) == "scalar NaN\n");
    CHECK(asked.instant("scalar(nothing)", 30) == "scalar NaN\n");
    CHECK(asked.instant("1 > bool 2", 0) == "scalar 0\n");
    CHECK(asked.instant("-2 ^ 2", 0) == "scalar -4\n");
    CHECK(asked.instant("5 % 3", 0) == "scalar 2\n");
    CHECK(asked.instant("-5 % 3", 0) == "scalar -2\n");
    CHECK(asked.instant("1 / 0", 0) == "scalar +Inf\n");
    CHECK(asked.instant("-1 / 0", 0) == "scalar -Inf\n");
    CHECK(asked.instant("0 / 0", 0) == "scalar NaN\n");
    CHECK(asked.instant("NaN == bool NaN", 0) == "scalar 0\n");
    CHECK(asked.instant("NaN != bool NaN", 0) == "scalar 1\n");
}

TEST_CASE("a vector and a scalar") {
    const MemorySource source = pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.instant("limit{ns=\"a\"} * 2", 30) == "{ns=\"a\"} 20\n");
    CHECK(asked.instant("2 - limit{ns=\"a\"}", 30) == "{ns=\"a\"} -8\n");
    CHECK(asked.instant("-limit{ns=\"a\"}", 30) == "{ns=\"a\"} -10\n");
    CHECK(asked.instant("+limit{ns=\"a\"}", 30) == "{__name__=\"limit\", ns=\"a\"} 10\n");
    CHECK(asked.instant("limit > 15", 30) == "{__name__=\"limit\", ns=\"b\"} 20\n");
    // The vector's value is kept, on whichever side it is.
    CHECK(asked.instant("15 < limit", 30) == "{__name__=\"limit\", ns=\"b\"} 20\n");
    CHECK(asked.range("limit > bool 15", 30, 30, 1) == "{ns=\"a\"} 0@30\n{ns=\"b\"} 1@30\n");
    CHECK(asked.range("m > time() / 10", 20, 40, 20) ==
          "{__name__=\"m\", ns=\"b\", pod=\"b1\"} 3@20\n{__name__=\"m\", ns=\"b\", pod=\"b2\"} 4@20\n");
}

TEST_CASE("two vectors meet on labels") {
    const MemorySource source = pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.range("sum by (ns) (m) / limit", 30, 30, 1) == "{ns=\"a\"} 0.3@30\n{ns=\"b\"} 0.35@30\n");
    CHECK(asked.instant("m{pod=\"a1\"} + on (ns) limit", 30) == "{ns=\"a\"} 11\n");
    CHECK(asked.instant("m{pod=\"a1\"} + ignoring (pod) limit", 30) == "{ns=\"a\"} 11\n");
    CHECK(asked.instant("m + limit", 30).empty());
    CHECK(asked.instant("m{pod=\"a1\"} < ignoring (pod) limit", 30) == "{__name__=\"m\", ns=\"a\"} 1\n");
    CHECK(asked.instant("m{pod=\"a1\"} < on (ns) limit", 30) == "{ns=\"a\"} 1\n");
    CHECK(asked.instant("m{pod=\"a1\"} > bool ignoring (pod) limit", 30) == "{ns=\"a\"} 0\n");
    CHECK(asked.range("m * on (ns, pod) group_left (node) info", 30, 30, 1) ==
          "{node=\"n1\", ns=\"a\", pod=\"a1\"} 1@30\n{node=\"n1\", ns=\"b\", pod=\"b1\"} 3@30\n"
          "{node=\"n2\", ns=\"a\", pod=\"a2\"} 2@30\n");
    CHECK(asked.range("limit - on (ns) group_right m{ns=\"a\"}", 30, 30, 1) ==
          "{ns=\"a\", pod=\"a1\"} 9@30\n{ns=\"a\", pod=\"a2\"} 8@30\n");
    CHECK(asked.range("limit > on (ns) group_right m{ns=\"a\"}", 30, 30, 1) ==
          "{__name__=\"m\", ns=\"a\", pod=\"a1\"} 10@30\n{__name__=\"m\", ns=\"a\", pod=\"a2\"} 10@30\n");
    CHECK(asked.instant("m + on (ns) limit", 30) ==
          "error execution: multiple matches for labels: many-to-one matching must be explicit "
          "(group_left/group_right)");
    CHECK(asked.instant("limit{ns=\"a\"} + on (ns) m{ns=\"a\"}", 30) ==
          "error execution: found duplicate series for the match group {ns=\"a\"} on the right hand-side of "
          "the "
          "operation: [{__name__=\"m\", ns=\"a\", pod=\"a1\"}, {__name__=\"m\", ns=\"a\", "
          "pod=\"a2\"}];many-to-many "
          "matching not allowed: matching labels must be unique on one side");
    CHECK(asked.instant("m{ns=\"a\"} * on (ns) group_left (pod) info{pod=\"a1\"}", 30) ==
          "error execution: multiple matches for labels: grouping labels must ensure unique matches");
    // Nothing on the other side: nothing is looked at.
    CHECK(asked.instant("nothing + on (ns) m", 30).empty());
}

TEST_CASE("what a comparison leaves out still counts as met") {
    const MemorySource source = pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.instant("m{ns=\"a\"} > on (ns) (limit - 8.5)", 30) ==
          "error execution: multiple matches for labels: many-to-one matching must be explicit "
          "(group_left/group_right)");
    CHECK(asked.instant("m{ns=\"a\"} > on (ns) group_left (pod) (info{pod=\"a1\"} + 0.5)", 30) ==
          "error execution: multiple matches for labels: grouping labels must ensure unique matches");
}

TEST_CASE("partners are found at each step for itself") {
    MemorySource source;
    source.add("a{x=\"1\",v=\"old\"}", 15, {1, kStale});
    source.add("a{x=\"1\",v=\"new\"}", 15, {2, 2}, 15);
    source.add("b{x=\"1\"}", 15, {10, 10, 10});
    Asked asked{source, {}, 1, {}};
    CHECK(asked.range("a * on (x) b", 0, 30, 15) == "{x=\"1\"} 10@0 20@15 20@30\n");
    CHECK(asked.range("b * on (x) a", 0, 30, 15) == "{x=\"1\"} 10@0 20@15 20@30\n");
    CHECK(asked.range("b * on (x) group_left (v) a", 0, 30, 15) ==
          "{v=\"new\", x=\"1\"} 20@15 20@30\n{v=\"old\", x=\"1\"} 10@0\n");
}

TEST_CASE("and, or, unless") {
    const MemorySource source = pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.range("m and on (ns, pod) info{node=\"n1\"}", 30, 30, 1) ==
          "{__name__=\"m\", ns=\"a\", pod=\"a1\"} 1@30\n{__name__=\"m\", ns=\"b\", pod=\"b1\"} 3@30\n");
    CHECK(asked.range("m unless on (ns, pod) info", 30, 30, 1) ==
          "{__name__=\"m\", ns=\"b\", pod=\"b2\"} 4@30\n");
    CHECK(asked.range("m{ns=\"a\"} unless ignoring (ns, pod) limit{ns=\"c\"}", 30, 30, 1) ==
          "{__name__=\"m\", ns=\"a\", pod=\"a1\"} 1@30\n{__name__=\"m\", ns=\"a\", pod=\"a2\"} 2@30\n");
    CHECK(asked.range("limit{ns=\"a\"} or m{ns=\"b\"}", 30, 30, 1) ==
          "{__name__=\"limit\", ns=\"a\"} 10@30\n{__name__=\"m\", ns=\"b\", pod=\"b1\"} 3@30\n"
          "{__name__=\"m\", ns=\"b\", pod=\"b2\"} 4@30\n");
    CHECK(asked.range("limit{ns=\"a\"} or on (ns) m{ns=\"a\"}", 30, 30, 1) ==
          "{__name__=\"limit\", ns=\"a\"} 10@30\n");
    CHECK(asked.instant("sum(nothing) or vector(0)", 30) == "{} 0\n");
    MemorySource steps;
    steps.add("a", 15, {1, kStale, 3});
    Asked over{steps, {}, 1, {}};
    CHECK(over.range("sum(a) or vector(0)", 0, 30, 15) == "{} 1@0 0@15 3@30\n");
    CHECK(over.range("vector(time()) and sum(a)", 0, 30, 15) == "{} 0@0 30@30\n");
    CHECK(over.range("vector(time()) unless sum(a)", 0, 30, 15) == "{} 15@15\n");
}

TEST_CASE("series that come to have the same labels are joined, or refused") {
    MemorySource source;
    source.add("a{x=\"1\"}", 15, {1, 2, kStale});
    source.add("b{x=\"1\"}", 15, {3, 3, 3}, 30);
    source.add("c{x=\"1\"}", 15, {1});
    Asked asked{source, {}, 1, {}};
    const std::string refused = "error execution: vector cannot contain metrics with the same labelset";
    CHECK(asked.range("-{__name__=~\"a|b\"}", 0, 45, 15) == "{x=\"1\"} -1@0 -2@15 -3@30 -3@45\n");
    CHECK(asked.range("{__name__=~\"a|b\"} * 2", 0, 45, 15) == "{x=\"1\"} 2@0 4@15 6@30 6@45\n");
    CHECK(asked.instant("-{__name__=~\"a|c\"}", 0) == refused);
    CHECK(asked.instant("{__name__=~\"a|c\"} + 1", 0) == refused);
    CHECK(asked.instant("max_over_time({__name__=~\"a|c\"}[1m])", 0) == refused);
    CHECK(asked.instant("sum(max_over_time({__name__=~\"a|c\"}[1m]))", 0) == refused);
    CHECK(asked.instant("label_replace({__name__=~\"a|c\"}, \"__name__\", \"d\", \"\", \"\")", 0) == refused);
    CHECK(asked.instant("{__name__=~\"a|c\"} > 0", 0) ==
          "{__name__=\"a\", x=\"1\"} 1\n{__name__=\"c\", x=\"1\"} 1\n");
    CHECK(asked.instant("sum({__name__=~\"a|c\"})", 0) == "{} 2\n");
}

TEST_CASE("label_replace") {
    MemorySource source;
    source.add("a{pod=\"web-7d9c-x2\"}", 15, {1});
    Asked asked{source, {}, 1, {}};
    const auto replaced = [&](const std::string& arguments) {
        return asked.instant("label_replace(a, " + arguments + ")", 1);
    };
    const std::string unchanged = "{__name__=\"a\", pod=\"web-7d9c-x2\"} 1\n";
    CHECK(replaced("\"app\", \"$1\", \"pod\", \"(.*)-[^-]*-[^-]*\"") ==
          "{__name__=\"a\", app=\"web\", pod=\"web-7d9c-x2\"} 1\n");
    CHECK(replaced("\"app\", \"${n}_x$$\", \"pod\", \"(?P<n>[a-z]+).*\"") ==
          "{__name__=\"a\", app=\"web_x$\", pod=\"web-7d9c-x2\"} 1\n");
    // $1x is the group of that name, which there is not.
    CHECK(replaced("\"app\", \"y$1x\", \"pod\", \"(.*)\"") ==
          "{__name__=\"a\", app=\"y\", pod=\"web-7d9c-x2\"} 1\n");
    CHECK(replaced("\"app\", \"$1\", \"pod\", \"web\"") == unchanged);
    CHECK(replaced("\"pod\", \"\", \"pod\", \".*\"") == "{__name__=\"a\"} 1\n");
    CHECK(replaced("\"app\", \"none\", \"absent\", \"\"") ==
          "{__name__=\"a\", app=\"none\", pod=\"web-7d9c-x2\"} 1\n");
    CHECK(replaced("\"b-b\", \"x\", \"pod\", \".*\"") ==
          "error execution: invalid destination label name in label_replace(): b-b");
    CHECK(replaced("\"b\", \"x\", \"pod\", \"(\"") ==
          "error execution: invalid regular expression in label_replace(): (");
}

TEST_CASE("what is read is what the steps need") {
    MemorySource source;
    Asked asked{source, {}, 1, {}};
    asked.range("a offset 1m", 1000, 2000, 10);
    CHECK(source.asked.from == 1'000'000 - 360'000 + 1);
    CHECK(source.asked.to == 1'940'000);
    asked.range("avg_over_time(a[1m])", 1000, 2000, 300);
    CHECK(source.asked.from == 940'001);
    CHECK(source.asked.to == 1'900'000);
    // Room for widened windows.
    asked.range("rate(a[1m])", 1000, 2000, 300);
    CHECK(source.asked.from == 400'001);
    asked.range("rate(a[1h])", 5000, 6000, 300);
    CHECK(source.asked.from == 1'400'001);
}
