// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"
#include "telemetry/process_metrics.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace telemetry;

namespace {

constexpr Family kRequests{"requests_total", "[ALPHA] Requests, by \\ and\nline.", MetricType::counter};
constexpr Family kSeconds{"request_seconds", "[ALPHA] How long.", MetricType::histogram};
constexpr Family kLevel{"level", "[ALPHA] Level.", MetricType::gauge};

}  // namespace

TEST_CASE("numbers are written as Go writes them") {
    struct Case {
        double value;
        const char* expected;
    };
    const Case cases[] = {
        {0, "0"},
        {-0.0, "-0"},
        {1, "1"},
        {-1, "-1"},
        {0.005, "0.005"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {100000, "100000"},
        {999999.5, "999999.5"},
        {1000000, "1e+06"},
        {33333248, "3.3333248e+07"},
        {1795361486, "1.795361486e+09"},
        {18446744073709551615.0, "1.8446744073709552e+19"},
        {1.364 * 1.364, "1.8604960000000004"},
        {1e100, "1e+100"},
        {5e-324, "5e-324"},
        {std::numeric_limits<double>::infinity(), "+Inf"},
        {-std::numeric_limits<double>::infinity(), "-Inf"},
        {std::numeric_limits<double>::quiet_NaN(), "NaN"},
    };
    for (const Case& c : cases) {
        std::string out;
        append_go_float(out, c.value);
        CHECK(out == c.expected);
    }
}

TEST_CASE("families have a head and samples with their labels escaped") {
    std::string out;
    MetricsText text{out};
    text.begin(kRequests);
    text.sample({}, std::uint64_t{3});
    text.sample({{"code", "200"}, {"node", "a\"b\\c\nd"}}, std::uint64_t{18446744073709551615u});
    text.begin(kLevel);
    text.sample({{"node", ""}}, 0.25);
    CHECK(out ==
          "# HELP requests_total [ALPHA] Requests, by \\\\ and\\nline.\n"
          "# TYPE requests_total counter\n"
          "requests_total 3\n"
          "requests_total{code=\"200\",node=\"a\\\"b\\\\c\\nd\"} 18446744073709551615\n"
          "# HELP level [ALPHA] Level.\n"
          "# TYPE level gauge\n"
          "level{node=\"\"} 0.25\n");
}

TEST_CASE("histograms are cumulative, with the bound behind the other labels") {
    constexpr std::array<double, 2> kBounds{0.5, 1e6};
    Histogram times{kBounds};
    for (const double value : {0.25, 0.5, 0.75, 2e6}) times.observe(value);
    std::string out;
    MetricsText text{out};
    text.begin(kSeconds);
    text.histogram({{"node", "n1"}}, times.bounds(), times.counts(), times.sum());
    text.histogram({}, kBounds, std::array<std::uint32_t, 3>{1, 0, 0}, 0.125);
    CHECK(out ==
          "# HELP request_seconds [ALPHA] How long.\n"
          "# TYPE request_seconds histogram\n"
          "request_seconds_bucket{node=\"n1\",le=\"0.5\"} 2\n"
          "request_seconds_bucket{node=\"n1\",le=\"1e+06\"} 3\n"
          "request_seconds_bucket{node=\"n1\",le=\"+Inf\"} 4\n"
          "request_seconds_sum{node=\"n1\"} 2.0000015e+06\n"
          "request_seconds_count{node=\"n1\"} 4\n"
          "request_seconds_bucket{le=\"0.5\"} 1\n"
          "request_seconds_bucket{le=\"1e+06\"} 1\n"
          "request_seconds_bucket{le=\"+Inf\"} 1\n"
          "request_seconds_sum 0.125\n"
          "request_seconds_count 1\n");
}

TEST_CASE("a text that took other bounds writes each with its own") {
    constexpr std::array<double, 1> kOne{1}, kTwo{2};
    std::string out;
    MetricsText text{out};
    text.resume(kSeconds);
    for (const Bounds bounds : {Bounds{kOne}, Bounds{kTwo}, Bounds{kOne}})
        text.histogram({}, bounds, std::array<int, 2>{1, 0}, 1);
    CHECK(out ==
          "request_seconds_bucket{le=\"1\"} 1\nrequest_seconds_bucket{le=\"+Inf\"} 1\n"
          "request_seconds_sum 1\nrequest_seconds_count 1\n"
          "request_seconds_bucket{le=\"2\"} 1\nrequest_seconds_bucket{le=\"+Inf\"} 1\n"
          "request_seconds_sum 1\nrequest_seconds_count 1\n"
          "request_seconds_bucket{le=\"1\"} 1\nrequest_seconds_bucket{le=\"+Inf\"} 1\n"
          "request_seconds_sum 1\nrequest_seconds_count 1\n");
}

TEST_CASE("the process's families are those of Go's clients") {
    ProcessUse use;
    use.cpu_seconds = 12.5;
    use.open_files = 20;
    use.max_files = 1048576;
    use.virtual_bytes = 1300000000;
    use.max_virtual_bytes = std::numeric_limits<std::uint64_t>::max();
    use.resident_bytes = 33333248;
    use.started = 1795361486.25;
    std::string out;
    MetricsText text{out};
    write_process_metrics(text, use);
    CHECK(out ==
          "# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.\n"
          "# TYPE process_cpu_seconds_total counter\n"
          "process_cpu_seconds_total 12.5\n"
          "# HELP process_max_fds Maximum number of open file descriptors.\n"
          "# TYPE process_max_fds gauge\n"
          "process_max_fds 1048576\n"
          "# HELP process_open_fds Number of open file descriptors.\n"
          "# TYPE process_open_fds gauge\n"
          "process_open_fds 20\n"
          "# HELP process_resident_memory_bytes Resident memory size in bytes.\n"
          "# TYPE process_resident_memory_bytes gauge\n"
          "process_resident_memory_bytes 33333248\n"
          "# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.\n"
          "# TYPE process_start_time_seconds gauge\n"
          "process_start_time_seconds 1.79536148625e+09\n"
          "# HELP process_virtual_memory_bytes Virtual memory size in bytes.\n"
          "# TYPE process_virtual_memory_bytes gauge\n"
          "process_virtual_memory_bytes 1300000000\n"
          "# HELP process_virtual_memory_max_bytes Maximum amount of virtual memory available in bytes.\n"
          "# TYPE process_virtual_memory_max_bytes gauge\n"
          "process_virtual_memory_max_bytes 1.8446744073709552e+19\n");
}

TEST_CASE("a process's state is read behind a name that may hold anything") {
    const auto stat = parse_process_stat(
        "4711 (a) b (c) S 1 4711 4711 0 -1 4194304 6000 0 10 0 250 75 0 0 20 0 3 0 123456 1300000000 8138 "
        "18446744073709551615 1 1 0\n");
    REQUIRE(stat);
    CHECK(stat->user_ticks == 250);
    CHECK(stat->system_ticks == 75);
    CHECK(stat->start_ticks == 123456);
    CHECK(stat->virtual_bytes == 1300000000);
    CHECK(stat->resident_pages == 8138);
    CHECK(!parse_process_stat(""));
    CHECK(!parse_process_stat("1 (a) S 1 2 3"));
}

TEST_CASE("this process's use can be read") {
    const ProcessUse use = process_use();
    CHECK(use.open_files >= 3);
    CHECK(use.max_files >= use.open_files);
    CHECK(use.resident_bytes > 100'000);
    CHECK(use.virtual_bytes > use.resident_bytes);
    CHECK(use.started > 1.7e9);
}
