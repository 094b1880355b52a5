// SPDX-License-Identifier: Apache-2.0
// What functions make of the samples in a window (promql/functions.go of Prometheus).
#pragma once

#include "query/language/functions.hpp"
#include "query/source/series.hpp"

#include <span>

namespace query {

// A window (t - length, t] of a range selector, at its own time: the offset is taken away already.
struct Window {
    // In it, oldest first, without marks of an end.
    std::span<const Sample> samples;

    Millis end = 0;
    Millis length = 0;
};

// kAbsent: no value.
double over_window(FunctionId function, const Window& window);
bool needs_two_samples(FunctionId function);

// rate, increase or irate by two samples that are not both in a window of `length`.
double by_slope(FunctionId function, const Sample& before, const Sample& newest, Millis length);

}  // namespace query
