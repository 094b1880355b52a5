// SPDX-License-Identifier: Apache-2.0
#include "query/functions.hpp"

#include <algorithm>
#include <iterator>

namespace query {
namespace {

using enum ValueType;

constexpr Function kFunctions[] = {
    {FunctionId::kRate, "rate", 1, {kRange}, kVector},
    {FunctionId::kIncrease, "increase", 1, {kRange}, kVector},
    {FunctionId::kIrate, "irate", 1, {kRange}, kVector},
    {FunctionId::kAvgOverTime, "avg_over_time", 1, {kRange}, kVector},
    {FunctionId::kMinOverTime, "min_over_time", 1, {kRange}, kVector},
    {FunctionId::kMaxOverTime, "max_over_time", 1, {kRange}, kVector},
    {FunctionId::kScalar, "scalar", 1, {kVector}, kScalar},
    {FunctionId::kVector, "vector", 1, {kScalar}, kVector},
    {FunctionId::kTime, "time", 0, {}, kScalar},
    {FunctionId::kSort, "sort", 1, {kVector}, kVector},
    {FunctionId::kSortDesc, "sort_desc", 1, {kVector}, kVector},
    {FunctionId::kLabelReplace, "label_replace", 5, {kVector, kString, kString, kString, kString}, kVector},
};

// promql/parser/functions.go of Prometheus 3.16, and those that older ones had.
constexpr std::string_view kOthers[] = {"abs",
                                        "absent",
                                        "absent_over_time",
                                        "acos",
                                        "acosh",
                                        "asin",
                                        "asinh",
                                        "atan",
                                        "atanh",
                                        "ceil",
                                        "changes",
                                        "clamp",
                                        "clamp_max",
                                        "clamp_min",
                                        "cos",
                                        "cosh",
                                        "count_over_time",
                                        "day_of_month",
                                        "day_of_week",
                                        "day_of_year",
                                        "days_in_month",
                                        "deg",
                                        "delta",
                                        "deriv",
                                        "double_exponential_smoothing",
                                        "end",
                                        "exp",
                                        "first_over_time",
                                        "floor",
                                        "histogram_avg",
                                        "histogram_count",
                                        "histogram_fraction",
                                        "histogram_quantile",
                                        "histogram_quantiles",
                                        "histogram_stddev",
                                        "histogram_stdvar",
                                        "histogram_sum",
                                        "holt_winters",
                                        "hour",
                                        "idelta",
                                        "info",
                                        "integral",
                                        "label_join",
                                        "last_over_time",
                                        "ln",
                                        "log10",
                                        "log2",
                                        "mad_over_time",
                                        "max_of",
                                        "min_of",
                                        "minute",
                                        "month",
                                        "pi",
                                        "predict_linear",
                                        "present_over_time",
                                        "quantile_over_time",
                                        "rad",
                                        "range",
                                        "resets",
                                        "round",
                                        "sgn",
                                        "sin",
                                        "sinh",
                                        "sort_by_label",
                                        "sort_by_label_desc",
                                        "sqrt",
                                        "start",
                                        "start_timestamp",
                                        "stddev_over_time",
                                        "stdvar_over_time",
                                        "step",
                                        "sum_over_time",
                                        "tan",
                                        "tanh",
                                        "timestamp",
                                        "ts_of_first_over_time",
                                        "ts_of_last_over_time",
                                        "ts_of_max_over_time",
                                        "ts_of_min_over_time",
                                        "year"};

}  // namespace

const Function* find_function(std::string_view name) {
    const auto* const found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                           [&](const Function& function) { return function.name == name; });
    return found == std::end(kFunctions) ? nullptr : found;
}

bool is_known_function(std::string_view name) {
    return find_function(name) != nullptr ||
           std::find(std::begin(kOthers), std::end(kOthers), name) != std::end(kOthers);
}

}  // namespace query
