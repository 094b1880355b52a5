// SPDX-License-Identifier: Apache-2.0
// The metrics of heapster/summary_metrics.hpp as the model API shows them: rates are cut to whole numbers, as
// Heapster's cut them.
#pragma once

#include "apiserver/graphs/minutes.hpp"
#include "storage/stats/stats_history.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace apiserver {

// Both ends count: what Heapster's short store held, 140 s, up to what is told by now; with `start` as far
// back as every tick is kept.
storage::stats::TimeRange shown_stats(const storage::stats::StatsHistory& stats,
                                      storage::history::Seconds now,
                                      std::optional<storage::history::Seconds> start,
                                      storage::history::Seconds end);

// Points at the ends of ticks, oldest first; empty: it has no such metric. `labels` as they came: metrics of
// file systems are told apart by resource_id, "/", "logs" or "Volume:NAME", all others have none. A
// container's file systems are its node's, and only what it uses of them is its own.
std::vector<MinutePoint> read_stats(const storage::stats::StatsHistory& stats,
                                    const storage::stats::Subject& of, std::string_view metric,
                                    std::string_view labels, storage::stats::TimeRange range);

// The metrics without labels that have a point in the range, by name.
std::vector<std::string_view> stats_metrics(const storage::stats::StatsHistory& stats,
                                            const storage::stats::Subject& of,
                                            storage::stats::TimeRange range);

}  // namespace apiserver
