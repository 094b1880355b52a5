// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace telemetry;

namespace {

constexpr Family kSquares{"squares", "Squares.", MetricType::gauge};
constexpr Family kEnd{"end", "The end.", MetricType::gauge};

// All pieces of the page.
std::vector<std::string> pieces_of(const MetricsPage& page, std::size_t size) {
    MetricsPage::Reader reader{page};
    std::vector<std::string> pieces;
    for (bool more = true; more;) more = reader.next(pieces.emplace_back(), size);
    return pieces;
}

}  // namespace

TEST_CASE("a value at a bound belongs to its bucket") {
    constexpr std::array<double, 3> kBounds{0, 1, 2.5};
    struct Case {
        double value;
        std::size_t bucket;
    };
    const Case cases[] = {{-1, 0},     {0, 0},   {0.0001, 1}, {1, 1},
                          {1.0001, 2}, {2.5, 2}, {2.5001, 3}, {std::numeric_limits<double>::infinity(), 3}};
    for (const Case& c : cases) {
        CAPTURE(c.value);
        CHECK(bucket_of(kBounds, c.value) == c.bucket);
    }
}

TEST_CASE("exponential bounds are rounded step by step as in Go") {
    constexpr auto kBounds = exponential_bounds<20>(1, 1.364);
    std::string out;
    for (const double bound : {kBounds[0], kBounds[1], kBounds[2], kBounds[9], kBounds[19]}) {
        append_go_float(out, bound);
        out.push_back(' ');
    }
    CHECK(out == "1 1.364 1.8604960000000004 16.342907885890217 364.31163045936864 ");
}

TEST_CASE("a histogram counts and sums") {
    Histogram times{kDefaultBounds};
    CHECK(times.count() == 0);
    times.observe(std::chrono::milliseconds{5});
    times.observe(std::chrono::milliseconds{6});
    times.observe(std::chrono::seconds{11});
    CHECK(times.counts() == std::vector<std::uint64_t>{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    CHECK(times.sum() == 11.011);
    CHECK(times.count() == 3);
}

TEST_CASE("durations are told apart by status") {
    constexpr std::array<double, 1> kBounds{1};
    DurationsByStatus durations{kBounds};
    durations.add(201, std::chrono::milliseconds{500});
    durations.add(0, std::chrono::seconds{2});
    durations.add(201, std::chrono::seconds{3});
    std::string out;
    MetricsText text{out};
    durations.write(text, {"asked_total", "Asked.", MetricType::counter},
                    {"asked_seconds", "How long.", MetricType::histogram});
    CHECK(out ==
          "# HELP asked_total Asked.\n# TYPE asked_total counter\n"
          "asked_total{code=\"<error>\"} 1\nasked_total{code=\"201\"} 2\n"
          "# HELP asked_seconds How long.\n# TYPE asked_seconds histogram\n"
          "asked_seconds_bucket{code=\"<error>\",le=\"1\"} "
          "0\nasked_seconds_bucket{code=\"<error>\",le=\"+Inf\"} 1\n"
          "asked_seconds_sum{code=\"<error>\"} 2\nasked_seconds_count{code=\"<error>\"} 1\n"
          "asked_seconds_bucket{code=\"201\",le=\"1\"} 1\nasked_seconds_bucket{code=\"201\",le=\"+Inf\"} 2\n"
          "asked_seconds_sum{code=\"201\"} 3.5\nasked_seconds_count{code=\"201\"} 2\n");
}

TEST_CASE("a page is read in pieces that end between samples") {
    MetricsPage page;
    page.add([](MetricsText& text) { text.begin(kEnd), text.sample({}, std::uint64_t{0}); });
    page.add_long([](MetricsText& text, std::string& cursor) {
        if (cursor.empty()) text.begin(kSquares);
        text.resume(kSquares);
        for (std::uint64_t n = cursor.empty() ? 1 : std::stoull(cursor); n <= 3; ++n) {
            cursor = std::to_string(n);
            if (text.full()) return true;
            text.sample({}, n * n);
        }
        return false;
    });
    page.add([](MetricsText& text) { text.begin(kEnd), text.sample({}, std::uint64_t{1}); });

    const std::string whole =
        "# HELP end The end.\n# TYPE end gauge\nend 0\n"
        "# HELP squares Squares.\n# TYPE squares gauge\nsquares 1\nsquares 4\nsquares 9\n"
        "# HELP end The end.\n# TYPE end gauge\nend 1\n";
    CHECK(pieces_of(page, 10'000) == std::vector<std::string>{whole});
    CHECK(pieces_of(page, 1) == std::vector<std::string>{"# HELP end The end.\n# TYPE end gauge\nend 0\n",
                                                         "# HELP squares Squares.\n# TYPE squares gauge\n",
                                                         "squares 1\n", "squares 4\n", "squares 9\n",
                                                         "# HELP end The end.\n# TYPE end gauge\nend 1\n"});
    CHECK(pieces_of(MetricsPage{}, 1) == std::vector<std::string>{""});
}
