// SPDX-License-Identifier: Apache-2.0
// What the history of pods' own metrics costs: figure_bench [PODS [METRICS [MINUTES [MEMORY_MIB]]]], by
// default 1,000 with 3 each for an hour in 64 MiB. Of three metrics one is a rate around a sine, one the
// depth of a queue in whole numbers, one a size in bytes that hardly changes. Time is simulated.
#include "storage/applications/figure_history.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <time.h>

using namespace storage::applications;

namespace {

constexpr std::int64_t kTick = 15;
constexpr std::int64_t kWorld = 1'800'000'000;

double cpu_micros() {
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3;
}

std::int64_t milli_at(std::size_t metric, std::size_t pod, double t, std::mt19937& chance) {
    const double noise = std::normal_distribution<double>{}(chance);
    const double wave = std::sin(2 * std::numbers::pi * t / 1800 + static_cast<double>(pod));
    if (metric % 3 == 0) return std::llround(1000 * std::max(0.0, 20 + 15 * wave + noise));
    if (metric % 3 == 1) return 1000 * std::llround(std::max(0.0, 12 * wave + 3 * noise));
    return 1000 * (50'000'000 + 4096 * std::llround(20 * wave));
}

}  // namespace

int main(int count, char** arguments) {
    const auto argument = [&](int at, std::size_t otherwise) {
        return at < count ? std::strtoul(arguments[at], nullptr, 10) : otherwise;
    };
    const std::size_t pods = argument(1, 1000), metrics = argument(2, 3), minutes = argument(3, 60);
    FigureHistory history{{std::chrono::seconds{kTick}, std::chrono::hours{1}, argument(4, 64) << 20, 1024}};
    std::vector<std::string> names, pod_names;
    for (std::size_t i = 0; i < metrics; ++i)
        names.push_back("application_metric_" + std::to_string(i) + "_total");
    for (std::size_t i = 0; i < pods; ++i)
        pod_names.push_back("application-5d9f7c6b4-" + std::to_string(10'000 + i));
    std::mt19937 chance{1};
    double putting = 0, tending = 0;
    std::size_t points = 0;
    const auto ticks = static_cast<std::int64_t>(minutes) * 60 / kTick;
    std::vector<std::int64_t> values(pods * metrics);
    for (std::int64_t tick = 1; tick <= ticks; ++tick) {
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = milli_at(i % metrics, i / metrics, static_cast<double>(tick * kTick), chance);
        double before = cpu_micros();
        history.begin_tick(kWorld + tick * kTick);
        for (std::size_t i = 0; i < values.size(); ++i)
            history.put({"applications", pod_names[i / metrics]}, {names[i % metrics], {}}, values[i]);
        putting += cpu_micros() - before;
        before = cpu_micros();
        while (history.tend()) {
        }
        tending += cpu_micros() - before;
    }
    const double before = cpu_micros();
    std::vector<FigurePoint> read;
    for (const std::string& pod : pod_names)
        for (const std::string& name : names) {
            history.read({"applications", pod}, {name, {}}, {}, read);
            points += read.size();
        }
    const double reading = cpu_micros() - before;
    const FigureHistoryStats stats = history.stats();
    const auto series = static_cast<double>(stats.series);
    std::printf("%zu series, %zu points, %zu bytes: %.0f a series\n", stats.series, points, stats.bytes,
                static_cast<double>(stats.bytes) / series);
    std::printf("points: %zu bytes, %.2f each; names and beginnings: %.0f a series\n", stats.block_bytes,
                static_cast<double>(stats.block_bytes) / static_cast<double>(points),
                static_cast<double>(stats.bytes - stats.block_bytes) / series);
    std::printf("a tick: %.0f us to put, %.0f us to look after; a series: %.1f us to read\n",
                putting / static_cast<double>(ticks), tending / static_cast<double>(ticks), reading / series);
    std::printf("reach %lld s, refused %llu series and %llu points\n", static_cast<long long>(stats.reach),
                static_cast<unsigned long long>(stats.refused_series),
                static_cast<unsigned long long>(stats.refused_points));
}
