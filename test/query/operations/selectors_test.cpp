// SPDX-License-Identifier: Apache-2.0
// Values are worked out by hand from docs/querying of Prometheus, not by this code.
#include "test/query/ask.hpp"
#include "test/query/memory_source.hpp"

#include <cmath>
#include <string>

#include <catch2/catch.hpp>

using query::kStale;
using query_test::Asked;
using query_test::kNone;
using query_test::MemorySource;

namespace {

// The number in `{} 12` or `scalar 12`.
double number_in(const std::string& answer) {
    INFO(answer);
    REQUIRE(answer.find(' ') != answer.npos);
    return std::stod(answer.substr(answer.find(' ')));
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
    source.add("a", 15, {1, kStale, 3, std::nan("")});
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
