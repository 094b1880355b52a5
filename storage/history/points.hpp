// SPDX-License-Identifier: Apache-2.0
// The values that history gives its readers.
#pragma once

#include "storage/history/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace storage::history {

// Both ends count.
struct TimeRange {
    Seconds from = 0;
    Seconds to = INT64_MAX;
};

// Subjects: what a history is of.
struct OfCluster {};
struct OfNamespace {
    std::string_view name;
};
struct OfNode {
    std::string_view name;
};
struct OfPod {
    std::string_view name_space;
    std::string_view name;
};
struct OfContainer {
    std::string_view name_space;
    std::string_view pod;
    std::string_view name;
};
using Subject = std::variant<OfCluster, OfNamespace, OfNode, OfPod, OfContainer>;

// What was served at the end of a tick. CPU is exact to 0.1 % or 0.01 m, whichever is more, memory to the
// page of 4 KiB; of a sum over a pod each part is.
struct RecentPoint {
    // The end of the tick.
    Seconds at = 0;
    // Nanocores.
    std::uint64_t cpu = 0;
    // Bytes.
    std::uint64_t memory = 0;
    // Bytes; nullopt: not reported.
    std::optional<std::uint64_t> swap;
    // What the life has used since it, or history, began: CPU seconds, the integral of `cpu`. A tick without
    // a point counts like the next that has one. Falls where a life begins.
    double cpu_seconds = 0;
    // When the life started, as the kubelet told it (Unix time in nanoseconds). 0: unknown, or a sum.
    std::int64_t started = 0;
};

// One of a point's figures, for who draws no other: CPU seconds or memory, as above.
enum class Figure : std::uint8_t { cpu_seconds, memory };
struct FigurePoint {
    Seconds at = 0;
    double value = 0;
};

// Five minutes.
struct LongPoint {
    // The end of the five minutes.
    Seconds at = 0;
    // Nanocores: the mean over the ticks of the life, and the greatest. `cpu_max` and the other maxima of a
    // pod are the sums of its containers' and so bounds: its own may be less.
    std::uint64_t cpu = 0;
    std::uint64_t cpu_max = 0;
    // Bytes.
    std::uint64_t memory = 0;
    std::uint64_t memory_max = 0;
    std::optional<std::uint64_t> swap;
    std::optional<std::uint64_t> swap_max;
    // As above; the same figure at the same time.
    double cpu_seconds = 0;
    std::int64_t started = 0;
};

// A pod with history; ended ones are there until they fall out.
struct KnownPod {
    std::string_view name_space;
    std::string_view name;
    // The node of its last figures.
    std::string_view node;
    std::vector<std::string_view> containers;
};

// How far back it goes, and what it takes.
struct Reach {
    // The first tick and bucket that are kept; 0: none is over.
    Seconds recent_from = 0;
    Seconds long_from = 0;
    // The last tick that is over for all.
    Seconds to = 0;
    // Memory is short: the tiers reach back less than their windows.
    bool cut = false;
    std::size_t series = 0;
    // Memory of all kinds, and the part of it that holds points.
    std::size_t bytes = 0;
    std::size_t block_bytes = 0;
    // Points, and pods and nodes, for which there was no room.
    std::uint64_t refused_points = 0;
    std::uint64_t refused_series = 0;
};

}  // namespace storage::history
