// SPDX-License-Identifier: Apache-2.0
// What pages make of a figure: increases, rates, gauges, and until when they count.
#include "storage/applications/increases.hpp"
#include "storage/applications/rate.hpp"
#include "test/storage/applications/applications_scene.hpp"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace storage::applications;
using namespace storage::applications::test;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

struct TimedPage {
    std::chrono::seconds at;
    std::vector<Line> lines;
};

// After all pages; a page without lines is one.
std::string after_pages(const std::vector<TimedPage>& pages) {
    Scene scene;
    scene.ask("x");
    for (const TimedPage& page : pages) {
        scene.elapsed = page.at;
        scene.page(page.lines);
    }
    return shown(scene.ask("x"));
}

Line counter(double value, const std::string& of = "") {
    return {"x_total", value, {{"of", of}}};
}
Line gauge(double value, const std::string& of = "") {
    return {"x", value, {{"of", of}}, Type::gauge};
}

}  // namespace

TEST_CASE("a counter's rate is over the increases of its series") {
    struct Case {
        const char* name;
        std::vector<TimedPage> pages;
        std::string expected;
    };
    const auto each = GENERATE(values<Case>({
        {"one page", {{0s, {counter(100)}}}, "one_page"},
        {"two pages", {{0s, {counter(100)}}, {10s, {counter(150)}}}, "5000m/10s"},
        {"series are added up",
         {{0s, {counter(1, "a"), counter(2, "b")}}, {10s, {counter(2, "a"), counter(4, "b")}}},
         "300m/10s"},
        {"a fallen value began anew", {{0s, {counter(100)}}, {10s, {counter(20)}}}, "2000m/10s"},
        {"one of two began anew",
         {{0s, {counter(100, "a"), counter(100, "b")}}, {10s, {counter(20, "a"), counter(110, "b")}}},
         "3000m/10s"},
        {"a new series began at 0",
         {{0s, {counter(100, "a")}}, {10s, {counter(100, "a"), counter(30, "b")}}},
         "3000m/10s"},
        {"a family that no page before had or declared says nothing of its past",
         {{0s, {}}, {10s, {counter(5e9)}}},
         "one_page"},
        {"and goes on from there",
         {{0s, {}}, {10s, {counter(5e9)}}, {20s, {counter(5e9 + 30)}}},
         "3000m/10s"},
        {"one that pages had is known when it comes back",
         {{0s, {counter(100, "a")}}, {15s, {}}, {30s, {counter(100, "a"), counter(30, "b")}}},
         "1000m/30s"},
        {"a series that was no number is known, its value is not",
         {{0s, {counter(1, "a"), counter(kNaN, "b")}}, {10s, {counter(11, "a"), counter(5e9, "b")}}},
         "1000m/10s"},
        {"and goes on from its first number",
         {{0s, {counter(1, "a"), counter(kNaN, "b")}},
          {10s, {counter(11, "a"), counter(5e9, "b")}},
          {20s, {counter(21, "a"), counter(5e9 + 20, "b")}}},
         "2000m/20s"},
        {"the only one as well",
         {{0s, {counter(kNaN)}}, {10s, {counter(5e9)}}, {20s, {counter(5e9 + 10)}}},
         "1000m/10s"},
        {"the first page is none of increase", {{0s, {counter(1e9)}}, {10s, {counter(1e9)}}}, "0m/10s"},
        {"a vanished series adds nothing",
         {{0s, {counter(100, "a"), counter(7, "b")}}, {10s, {counter(110, "a")}}},
         "1000m/10s"},
        {"one that comes back goes on",
         {{0s, {counter(100)}}, {15s, {}}, {30s, {counter(130)}}},
         "1000m/30s"},
        {"a counter that is no number is left out",
         {{0s, {counter(1, "a"), counter(1, "b")}},
          {10s, {counter(11, "a"), counter(kNaN, "b")}},
          {20s, {counter(21, "a"), counter(21, "b")}}},
         "2000m/20s"},
        {"all of them", {{0s, {counter(1)}}, {10s, {counter(kInf)}}}, "not_a_number"},
        {"below zero", {{0s, {counter(1)}}, {10s, {counter(-1)}}}, "not_a_number"},
        {"the window is a minute",
         {{0s, {counter(0)}},
          {15s, {counter(1000)}},
          {30s, {counter(1000)}},
          {45s, {counter(1000)}},
          {60s, {counter(1000)}},
          {75s, {counter(1060)}}},
         "1000m/60s"},
        {"a page that is missing makes it longer",
         {{0s, {counter(0)}}, {100s, {counter(100)}}},
         "1000m/100s"},
        {"not for ever", {{0s, {counter(0)}}, {121s, {counter(100)}}}, "one_page"},
        {"a page at once is no point",
         {{0s, {counter(0)}}, {1s, {counter(10)}}, {10s, {counter(10)}}},
         "1000m/10s"},
        {"the largest", {{0s, {counter(0)}}, {10s, {counter(1e300)}}}, "9200000000000000m/10s"},
        {"more than a total holds",
         {{0s, {counter(0, "a"), counter(0, "b")}}, {10s, {counter(1.7e308, "a"), counter(1.7e308, "b")}}},
         "not_a_number"},
        {"after more than a total holds it begins anew",
         {{0s, {counter(0, "a"), counter(0, "b")}},
          {10s, {counter(1.7e308, "a"), counter(1.7e308, "b")}},
          {20s, {counter(1.7e308, "a"), counter(1.7e308, "b"), counter(10, "c")}},
          {30s, {counter(1.7e308, "a"), counter(1.7e308, "b"), counter(20, "c")}}},
         "1000m/10s"},
        {"an increase that is out of all proportion is over after its window",
         {{0s, {counter(5)}},
          {15s, {counter(1.8446744073709552e19)}},
          {30s, {counter(15)}},
          {60s, {counter(45)}},
          {90s, {counter(75)}}},
         "1000m/60s"},
        {"a series that comes twice counts once",
         {{0s, {counter(1), counter(1)}}, {10s, {counter(11), counter(11)}}},
         "1000m/10s"},
    }));
    CAPTURE(each.name);
    CHECK(after_pages(each.pages) == each.expected);
}

TEST_CASE("a gauge is the sum of its last values") {
    struct Case {
        const char* name;
        std::vector<Line> lines;
        std::string expected;
    };
    const auto each = GENERATE(values<Case>({
        {"one", {gauge(2.5)}, "2500m"},
        {"two", {gauge(2, "a"), gauge(3, "b")}, "5000m"},
        {"below zero", {gauge(-2)}, "-2000m"},
        {"zero", {gauge(0)}, "0m"},
        {"no number is left out",
         {gauge(2, "a"), gauge(kNaN, "b"), gauge(kInf, "c"), gauge(-kInf, "d")},
         "2000m"},
        {"and none is left", {gauge(kNaN)}, "not_a_number"},
        {"infinite", {gauge(kInf)}, "not_a_number"},
        {"1e16", {gauge(1e16)}, "9200000000000000m"},
        {"-1e16", {gauge(-1e16)}, "-9200000000000000m"},
        {"1e308 twice", {gauge(1e308, "a"), gauge(1e308, "b")}, "9200000000000000m"},
        {"half a thousandth", {gauge(0.0005)}, "1m"},
        {"less than half", {gauge(0.00049)}, "0m"},
        {"half of one below zero", {gauge(-0.0015)}, "-2m"},
        {"the last of one that comes twice", {gauge(1), gauge(3)}, "3000m"},
    }));
    CAPTURE(each.name);
    CHECK(after_pages({{0s, each.lines}}) == each.expected);
}

TEST_CASE("a mean is what was added by how many") {
    Scene scene;
    scene.ask("x_mean");
    const auto page = [&](double sum, double count) { scene.page({{"x_sum", sum}, {"x_count", count}}); };
    page(10, 2);
    CHECK(shown(scene.ask("x_mean")) == "one_page");
    scene.pass(15s);
    page(16, 6);
    CHECK(shown(scene.ask("x_mean")) == "1500m/15s");
    scene.pass(121s);
    page(16, 6);
    scene.pass(15s);
    page(16, 6);
    CHECK(shown(scene.ask("x_mean")) == "no_events");
    scene.pass(15s);
    page(std::nan(""), 7);
    CHECK(shown(scene.ask("x_mean")) == "not_a_number");
}

TEST_CASE("a figure counts until two intervals and the time of a scrape after its page") {
    Scene scene;
    scene.ask("x");
    scene.page({gauge(2)});
    const Known known = scene.ask("x");
    CHECK(known.figure->at == scene.unix_now());
    scene.pass(35s);
    CHECK(shown(scene.ask("x")) == "2000m");
    scene.pass(1ns);
    CHECK(shown(scene.ask("x")) == "waiting");
    scene.failure("connection refused");
    CHECK(shown(scene.ask("x")) == "unreachable");
    CHECK(scene.ask("x").detail == "connection refused");
    scene.page({gauge(3)});
    CHECK(shown(scene.ask("x")) == "3000m");
    // It bridges what fails meanwhile.
    scene.failure("connection refused");
    CHECK(shown(scene.ask("x")) == "3000m");
}

TEST_CASE("a counter's series that was too old is known, its value is not") {
    Scene scene;
    scene.ask("x");
    Line old = counter(5e9, "b");
    old.at = scene.unix_now() - 31'000'000'000;
    scene.page({counter(1, "a"), old});
    scene.pass(10s);
    scene.page({counter(11, "a"), counter(5e9, "b")});
    CHECK(shown(scene.ask("x")) == "1000m/10s");
}

TEST_CASE("a mean is known from its first events on where its family was declared") {
    Scene scene;
    scene.ask("x_mean");
    scene.page({}, "a", {"x_sum", "x_count"});
    CHECK(shown(scene.ask("x_mean")) == "no_events");
    scene.pass(15s);
    scene.page({{"x_sum", 12}, {"x_count", 4}});
    CHECK(shown(scene.ask("x_mean")) == "3000m/15s");
}

TEST_CASE("a sample with a time of its own that is two intervals old does not count") {
    Scene scene;
    scene.ask("x");
    Line line = gauge(2);
    line.at = scene.unix_now() - 30'000'000'000;
    scene.page({line});
    CHECK(shown(scene.ask("x")) == "2000m");
    --line.at;
    scene.page({line});
    CHECK(shown(scene.ask("x")) == "not_a_number");
}

TEST_CASE("absent series are remembered as long as there is room") {
    Increases increases;
    const auto page = [](std::uint64_t first, std::uint64_t count) {
        std::vector<SeriesValue> values;
        for (std::uint64_t i = 0; i < count; ++i) values.push_back({first + i, 10});
        return values;
    };
    CHECK(increases.take(page(0, 3), 6) == 0);
    CHECK(increases.take(page(3, 3), 6) == 30);
    CHECK(increases.take(page(0, 3), 6) == 0);
    CHECK(increases.take(page(6, 3), 6) == 30);
    // The others are forgotten.
    CHECK(increases.take(page(0, 3), 6) == 30);
}
