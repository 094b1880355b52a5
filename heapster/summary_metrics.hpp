// SPDX-License-Identifier: Apache-2.0
// Heapster's metrics that kubelets tell on /stats/summary (--kubelet-summary), in its units
// (kubernetes-retired/heapster, metrics/core/metrics.go): bytes, counts, nanoseconds of CPU, milliseconds of
// uptime, rates a second.
#pragma once

#include "heapster/value.hpp"
#include "storage/stats/stats_history.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace heapster {

// Of whom a metric is; more than one is their sum.
using Levels = unsigned;
inline constexpr Levels kNode = 1, kPod = 2, kContainer = 4, kSystemContainer = 8;
// 0: of volumes there are none of these.
Levels level_of(const storage::stats::Subject& subject);

// Where a metric is, and what becomes of it.
struct SummaryMetric {
    enum class Form : std::uint8_t {
        value,
        // A second; has a fraction.
        rate,
        millicores,
        // With the column behind it.
        sum_of_two,
        uptime,
    };
    std::string_view name;
    Levels of;
    storage::stats::Part part;
    // In Point::values.
    std::size_t column;
    Form form = Form::value;
};

// By name. Those of file systems are apart.
std::span<const SummaryMetric> summary_metrics();

// Of file systems, told apart by a resource_id; in the order of Part::filesystem.
inline constexpr std::string_view kFilesystemMetrics[] = {"filesystem/usage", "filesystem/limit",
                                                          "filesystem/available", "filesystem/inodes",
                                                          "filesystem/inodes_free"};
// The resource_id of a node's file system and of a container's writable layer, of its logs, and what stands
// before the name of a pod's volume.
inline constexpr std::string_view kRoot = "/";
inline constexpr std::string_view kLogs = "logs";
inline constexpr std::string_view kVolume = "Volume:";

// nullopt: it cannot be told. `before`: the point before it of the same part, null if there is none. As in
// Heapster a rate is over neighbours of one life. `tick`: how far apart neighbours are.
std::optional<Value> value_of(const SummaryMetric& metric, const storage::stats::Point& point,
                              const storage::stats::Point* before, storage::stats::Seconds tick);

// Heapster's name of a container of the system for the kubelet's, and back.
std::string_view heapster_name(std::string_view system_container);
std::string_view kubelet_name(std::string_view system_container);

}  // namespace heapster
