// SPDX-License-Identifier: Apache-2.0
// What kubelets told on /stats/summary in the last hour and the last day: network, file systems, volumes,
// resident memory, page faults (docs/decisions/0023-kubelet-summary.md).
//
// One hook, commit(), takes pages; readers get values. Beside storage::history, and nothing that the metrics
// API serves comes from here. Two tiers: the recent one has a row a tick, the long one each row of it at some
// five minutes. Memory is bounded: when it is short both reach back less far, alike for all. Values and time
// only. Not thread safe: one thread owns it.
#pragma once

#include "storage/history/points.hpp"
#include "storage/stats/stats_page.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

namespace storage::stats {

struct StatsOptions {
    // The length of a tick, whole seconds: how often each kubelet is asked (--kubelet-summary-interval).
    std::chrono::seconds pace{60};
    // --history-window, --history-long-window
    std::chrono::seconds recent_window{3600};
    std::chrono::seconds long_window{86400};
    // Bytes.
    std::size_t memory = 32 * 1024 * 1024;
};

// Subjects: what a history is of.
using history::OfContainer;
using history::OfNode;
using history::OfPod;
struct OfSystemContainer {
    std::string_view node;
    std::string_view name;
};
struct OfVolume {
    std::string_view name_space;
    std::string_view pod;
    std::string_view name;
};
using Subject = std::variant<OfNode, OfSystemContainer, OfPod, OfContainer, OfVolume>;

// Figures that are told together, and whose they are. The values of a point, in this order:
enum class Part : std::uint8_t {
    // Nodes, pods: rx_bytes, tx_bytes, rx_errors, tx_errors.
    network,
    // All but volumes: usage, rss, page_faults, major_page_faults; then of a pod the bytes of its ephemeral
    // storage, of a container of the system its CPU in nanoseconds.
    memory,
    // Nodes, volumes: used, capacity, available, inodes, inodes_free.
    filesystem,
    // Nodes: the same of where images and containers' writable layers are.
    image_filesystem,
    container_filesystem,
    // Containers: bytes of the writable layer, of the logs.
    disk,
};

using history::TimeRange;

// Counters are the kernel's own, between samples by their distance, exact; bytes of memory and disks are to
// the page of 4 KiB.
struct Point {
    // The end of a tick, Unix time.
    Seconds at = 0;
    // When what is measured started, as the kubelet told it; 0: it did not.
    Seconds started = 0;
    // Points of another number are of another life, and counters do not go on from one to the other.
    std::uint32_t life = 0;
    std::array<Number, 5> values{};
};

struct KnownVolume {
    std::string_view name;
    // Empty: there is no PersistentVolumeClaim.
    std::string_view claim;
};

// A pod with stats; ended ones are there until they fall out.
struct KnownPod {
    std::string_view name_space;
    std::string_view name;
    // The node that told of it last.
    std::string_view node;
    std::vector<std::string_view> containers;
    std::vector<KnownVolume> volumes;
};

struct StatsReach {
    // How far back the tiers go at most, as things stand.
    Seconds recent = 0;
    Seconds longer = 0;
    // Memory is short: that is less than the windows.
    bool cut = false;
    // Nodes, pods, containers, volumes.
    std::size_t things = 0;
    std::size_t bytes = 0;
    // Rows, and things to begin a series of, for which there was no room.
    std::uint64_t refused_points = 0;
    std::uint64_t refused_things = 0;
};

struct Snapshots;

class StatsHistory {
  public:
    explicit StatsHistory(StatsOptions options);
    ~StatsHistory();
    StatsHistory(const StatsHistory&) = delete;
    StatsHistory& operator=(const StatsHistory&) = delete;

    const StatsOptions& options() const;
    StatsReach reach() const;

    // Whether a pod is known and the node's: others' would grow with what a kubelet says.
    using IsOfNode = std::function<bool(std::string_view name_space, std::string_view pod)>;
    // A node's page that came at `now` (Unix time). Returns how many of its pods are not the node's.
    // Nothing is taken unless takes_pages().
    std::size_t commit(std::string_view node, const StatsPage& page, Seconds now, const IsOfNode& is_of_node);
    // False while that of an earlier process is taken in.
    bool takes_pages() const;

    // Oldest first, of ticks that are told: the last is so with the next page. Empty: nothing is known of it.
    void read_recent(const Subject& subject, Part part, TimeRange range, std::vector<Point>& out) const;
    void read_long(const Subject& subject, Part part, TimeRange range, std::vector<Point>& out) const;

    // False: there is nothing of it. Views are valid until the next commit.
    bool pod(std::string_view name_space, std::string_view name, KnownPod& out) const;
    // Names in the order of the pages.
    std::vector<std::string_view> system_containers(std::string_view node) const;
    // By (namespace, name), from behind the key; name_space empty: of all. `visit` returns false to stop.
    void walk_pods(std::string_view name_space, std::string_view after_namespace, std::string_view after_pod,
                   const std::function<bool(const KnownPod&)>& visit) const;
    void walk_nodes(std::string_view after, const std::function<bool(std::string_view)>& visit) const;

  private:
    struct Impl;
    // storage/snapshot/stats_sections.hpp
    friend struct Snapshots;
    std::unique_ptr<Impl> impl_;
};

}  // namespace storage::stats
