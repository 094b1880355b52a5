// SPDX-License-Identifier: Apache-2.0
// What was served in the last hour and the last day: for each tick of the clock what each container and node
// used at its end, and the sums over pods, namespaces and the cluster (docs/decisions/0021-history.md).
//
// The store feeds it; readers get values. Ticks are the same for all series, so sums over them are exact. Two
// tiers: the recent one has a point a tick, the long one a point for each five minutes. Memory is bounded:
// when it is short both tiers reach back less far, alike for all series. Values and time only. Not thread
// safe: one thread owns it.
#pragma once

#include "storage/history/points.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace storage::history {

struct HistoryOptions {
    // The length of a tick: whole seconds, --metric-resolution.
    std::chrono::seconds resolution{15};
    // --history-window, --history-long-window
    std::chrono::seconds recent_window{3600};
    std::chrono::seconds long_window{86400};
    // --history-memory, bytes.
    std::size_t memory = 128 * 1024 * 1024;
};

class Feed;
class PeakReader;
struct Snapshots;

class History {
  public:
    explicit History(HistoryOptions options);
    ~History();
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    const HistoryOptions& options() const;
    Reach reach() const;

    // Points of `subject` in the range, oldest first, of ticks and buckets that are over for all. Empty:
    // nothing is known of it. A pod's are the sums over those of its containers that have one.
    void read(const Subject& subject, TimeRange range, std::vector<RecentPoint>& out) const;
    void read(const Subject& subject, TimeRange range, std::vector<LongPoint>& out) const;
    // Of the recent tier one figure alone, at half the cost. Not of pods, which are sums.
    void read(const Subject& subject, TimeRange range, Figure figure, std::vector<FigurePoint>& out) const;

    // One pod; its node and containers, by name. False: there is no history of it. Views are valid until
    // history changes.
    bool pod(std::string_view name_space, std::string_view name, KnownPod& out) const;
    bool has_node(std::string_view name) const;

    // Visit what has history, from behind the key: nodes by name, pods by (namespace, name); name_space
    // empty: of all. `visit` returns false to stop. Views are valid during the visit only.
    void walk_nodes(std::string_view after, const std::function<bool(std::string_view)>& visit) const;
    void walk_namespaces(std::string_view after, const std::function<bool(std::string_view)>& visit) const;
    void walk_pods(std::string_view name_space, std::string_view after_namespace, std::string_view after_pod,
                   const std::function<bool(const KnownPod&)>& visit) const;

    // Looks after a part of the series: closes their buckets, drops what has fallen out. Call it some times a
    // tick, and again while it says so: memory is short, and not all have been seen to.
    bool tend();

    // Everything that is told from now on begins a life, and its counter of CPU anew: something was lost
    // since the last points, and who has seen them must not see a counter fall a little.
    void end_lives();

    // How the store tells it.
    Feed& feed();

    struct Impl;

  private:
    friend class Feed;
    friend class PeakReader;
    // storage/snapshot/history_sections.hpp
    friend struct Snapshots;
    std::unique_ptr<Impl> impl_;
};

}  // namespace storage::history
