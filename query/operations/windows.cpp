// SPDX-License-Identifier: Apache-2.0
#include "query/operations/windows.hpp"

#include "query/operations/row.hpp"
#include "query/operations/sums.hpp"

#include <algorithm>
#include <cmath>

namespace query {
namespace {

constexpr double kMillisPerSecond = 1000;
// A gap of up to 1.1 mean distances at an end of the window is bridged.
constexpr double kBridged = 1.1;

double seconds(Millis millis) {
    return static_cast<double>(millis) / kMillisPerSecond;
}

// extrapolatedRate(): what a counter gained in the window, told by its samples and carried on to the window's
// ends.
double increase(const Window& window) {
    const auto samples = window.samples;
    const Sample& first = samples.front();
    const Sample& last = samples.back();
    double gained = last.value - first.value;
    for (std::size_t i = 1; i < samples.size(); ++i)
        if (samples[i].value < samples[i - 1].value) gained += samples[i - 1].value;
    const double interval = seconds(last.at - first.at);
    const double distance = interval / static_cast<double>(samples.size() - 1);
    double to_start = seconds(first.at - (window.end - window.length));
    double to_end = seconds(window.end - last.at);
    if (to_start >= distance * kBridged) to_start = distance / 2;
    // A counter is not carried back beyond where it would be zero.
    if (gained > 0 && first.value >= 0) to_start = std::min(to_start, interval * (first.value / gained));
    if (to_end >= distance * kBridged) to_end = distance / 2;
    return gained * ((interval + to_start + to_end) / interval);
}

double irate(const Sample& before, const Sample& newest) {
    const double gained = newest.value < before.value ? newest.value : newest.value - before.value;
    return gained / seconds(newest.at - before.at);
}

double mean(std::span<const Sample> samples) {
    Mean mean{samples.front().value};
    for (const Sample& sample : samples.subspan(1)) mean.add(sample.value);
    return mean.value();
}

template <class Better>
double extreme(std::span<const Sample> samples, Better better) {
    double found = samples.front().value;
    for (const Sample& sample : samples)
        if (std::isnan(found) || better(sample.value, found)) found = sample.value;
    return found;
}

}  // namespace

bool needs_two_samples(FunctionId function) {
    return function == FunctionId::rate || function == FunctionId::increase || function == FunctionId::irate;
}

double over_window(FunctionId function, const Window& window) {
    const auto samples = window.samples;
    if (samples.size() < (needs_two_samples(function) ? 2U : 1U)) return kAbsent;
    switch (function) {
        case FunctionId::rate:
            return increase(window) / seconds(window.length);
        case FunctionId::increase:
            return increase(window);
        case FunctionId::irate:
            return irate(samples[samples.size() - 2], samples.back());
        case FunctionId::avg_over_time:
            return mean(samples);
        case FunctionId::min_over_time:
            return extreme(samples, [](double a, double b) { return a < b; });
        case FunctionId::max_over_time:
            return extreme(samples, [](double a, double b) { return a > b; });
        default:
            return kAbsent;
    }
}

double by_slope(FunctionId function, const Sample& before, const Sample& newest, Millis length) {
    const double slope = irate(before, newest);
    return function == FunctionId::increase ? slope * seconds(length) : slope;
}

}  // namespace query
