// SPDX-License-Identifier: Apache-2.0
// What was served of the metrics in demand at the end of each tick, by pod
// (docs/decisions/0030-custom-metrics.md).
//
// Beside storage::history, at the same ticks, and nothing that an API serves to autoscalers comes from here.
// One tier: a point a tick for the window. Memory is bounded: when it is short all series reach back less
// far, alike. Values and time only. Not thread safe: one thread owns it.
#pragma once

#include "storage/history/points.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace storage::applications {

using history::Seconds;

struct FigureHistoryOptions {
    // The length of a tick: whole seconds, that of history.
    std::chrono::seconds resolution{15};
    // --history-window
    std::chrono::seconds window{3600};
    // Bytes.
    std::size_t memory = 8 * 1024 * 1024;
    // Of the requirements of a series, as text; one with more is not kept.
    std::size_t selector_bytes = 1024;
};

// What is, or was, in demand of a pod.
struct KnownFigure {
    std::string_view metric;
    // Which of its series count, as Kubernetes writes a label selector; empty: all.
    std::string_view selector;
};

struct FigurePoint {
    // The end of the tick, Unix time.
    Seconds at = 0;
    // Thousandths, as in Figure.
    std::int64_t milli = 0;
};

struct FigureHistoryStats {
    std::size_t series = 0;
    // All of it, and of it what holds points.
    std::size_t bytes = 0;
    std::size_t block_bytes = 0;
    // How far back it goes.
    Seconds reach = 0;
    // For which there was no room, since the start.
    std::uint64_t refused_series = 0;
    std::uint64_t refused_points = 0;
};

class FigureHistory {
  public:
    explicit FigureHistory(FigureHistoryOptions options);
    ~FigureHistory();
    FigureHistory(const FigureHistory&) = delete;
    FigureHistory& operator=(const FigureHistory&) = delete;

    const FigureHistoryOptions& options() const;
    FigureHistoryStats stats() const;

    // A tick ends at that time. What is served then is put right after it; what is put twice counts once.
    void begin_tick(Seconds at);
    void put(const PodKey& pod, const KnownFigure& figure, std::int64_t milli);
    // The end of the last tick; 0: there was none.
    Seconds last() const;

    // Forgets what has fallen out, of a part of the pods. Call it some times a tick, and again while it says
    // so: memory is short, and not all have been seen to.
    bool tend();

    // Views are valid until the next put() or tend().

    // Of one pod, by metric and selector. Empty: nothing is known of it.
    void figures(const PodKey& pod, std::vector<KnownFigure>& out) const;
    // Oldest first; both ends count.
    void read(const PodKey& pod, const KnownFigure& figure, history::TimeRange range,
              std::vector<FigurePoint>& out) const;
    // The pods by namespace and name; name_space empty: of all.
    void visit_pods(std::string_view name_space, const std::function<void(const PodKey&)>& visit) const;
    // Sorted.
    std::vector<std::string> metric_names() const;
    bool has_metric(std::string_view metric) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace storage::applications
