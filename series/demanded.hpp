// SPDX-License-Identifier: Apache-2.0
// Series of metrics of pods that are, or were, in demand (--custom-metrics), by the names by which they were
// asked for: a gauge each, what was served at the end of each tick. A demand that selected series has its
// requirements as the label `selector`.
#pragma once

#include "query/source/series.hpp"
#include "storage/applications/figure_history.hpp"
#include "storage/history/history.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace series {

inline constexpr std::string_view kDemandedType = "gauge";
inline constexpr std::string_view kDemandedHelp =
    "What pods say of themselves, as it was served to autoscalers: gauges as they are, counters as rates per "
    "second.";

// Whether there may be series of that name: it is one of Prometheus', and none of the catalog, which wins.
bool is_shown(std::string_view metric);

// Those that there are series of, sorted.
std::vector<std::string> demanded_names(const storage::applications::FigureHistory& figures);

// history: tells the nodes of pods. As query::SeriesSource::select(); both must outlive it.
std::unique_ptr<query::SeriesCursor> select_demanded(const storage::applications::FigureHistory& figures,
                                                     const storage::history::History& history,
                                                     std::span<const query::Matcher> matchers,
                                                     query::MillisRange range);

}  // namespace series
