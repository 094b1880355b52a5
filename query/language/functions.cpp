// SPDX-License-Identifier: Apache-2.0
#include "query/language/functions.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace query {
namespace {

using enum ValueType;

constexpr Function kFunctions[] = {
    {FunctionId::rate, "rate", 1, {range}, vector},
    {FunctionId::increase, "increase", 1, {range}, vector},
    {FunctionId::irate, "irate", 1, {range}, vector},
    {FunctionId::avg_over_time, "avg_over_time", 1, {range}, vector},
    {FunctionId::min_over_time, "min_over_time", 1, {range}, vector},
    {FunctionId::max_over_time, "max_over_time", 1, {range}, vector},
    {FunctionId::scalar, "scalar", 1, {vector}, scalar},
    {FunctionId::vector, "vector", 1, {scalar}, vector},
    {FunctionId::time, "time", 0, {}, scalar},
    {FunctionId::sort, "sort", 1, {vector}, vector},
    {FunctionId::sort_desc, "sort_desc", 1, {vector}, vector},
    {FunctionId::label_replace, "label_replace", 5, {vector, string, string, string, string}, vector},
};

// promql/parser/functions.go of Prometheus 3.16, and those that older ones had; a blank on both
// sides of each.
constexpr std::string_view kOthers =
    " abs absent absent_over_time acos acosh asin asinh atan atanh ceil changes clamp clamp_max"
    " clamp_min cos cosh count_over_time day_of_month day_of_week day_of_year days_in_month deg delta"
    " deriv double_exponential_smoothing end exp first_over_time floor histogram_avg histogram_count"
    " histogram_fraction histogram_quantile histogram_quantiles histogram_stddev histogram_stdvar"
    " histogram_sum holt_winters hour idelta info integral label_join last_over_time ln log10 log2"
    " mad_over_time max_of min_of minute month pi predict_linear present_over_time quantile_over_time"
    " rad range resets round sgn sin sinh sort_by_label sort_by_label_desc sqrt start start_timestamp"
    " stddev_over_time stdvar_over_time step sum_over_time tan tanh timestamp ts_of_first_over_time"
    " ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time year ";

}  // namespace

const Function* find_function(std::string_view name) {
    const auto* const found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                           [&](const Function& function) { return function.name == name; });
    return found == std::end(kFunctions) ? nullptr : found;
}

bool is_known_function(std::string_view name) {
    return find_function(name) != nullptr || kOthers.find(' ' + std::string{name} + ' ') != kOthers.npos;
}

}  // namespace query
