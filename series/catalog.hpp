// SPDX-License-Identifier: Apache-2.0
// Which series there are: names, types and units, and what each is made of. docs/series.md shows this table,
// and a test holds it to that.
#pragma once

#include "series/extras.hpp"
#include "series/reading.hpp"
#include "series/subjects.hpp"
#include "storage/stats/stats_history.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace series {

// Where they come from.
enum class Origin {
    // Always there.
    kubelet,
    // With --kubelet-summary.
    summary,
    // With --watch-objects.
    objects,
};

// What a family with several series for a thing, or with labels of its own, is made of.
enum class Shape {
    // One series of a thing, its value by `value`.
    plain,
    up,
    // A series of each volume of a pod that has a claim.
    volumes,
    container_requests,
    container_limits,
    container_restarts,
    pod_info,
    node_capacity,
    node_allocatable,
    node_pods,
    // The node's capacity; and what of it is no working set, as kubelets tell of memory.available.
    node_memory_total,
    node_memory_available,
};

struct Family {
    std::string_view name;
    // As Prometheus has it: counter or gauge.
    std::string_view type;
    std::string_view unit;
    std::string_view help;
    // Who draws it.
    std::string_view asked_by;
    Origin origin{};
    Kind kind{};
    Shape shape = Shape::plain;
    // nullopt: the point has none.
    std::optional<double> (*value)(const Point&) = nullptr;
    // The same of summaries, and of which part of them.
    std::optional<double> (*told)(const storage::stats::Point&) = nullptr;
    storage::stats::Part part{};
    // A counter that is counted from the first point that is kept, so that it moves with what is: only
    // differences within one reading mean something. Not for who keeps its values.
    bool moves = false;
    // Only with --node-exporter-series: nobody could tell it from node-exporter's.
    bool node_exporter = false;
};

// Whether there are series of it.
bool has(const Extras& extras, const Family& family);

// Of which figure of history's points its series are, and of no other; nullopt: it is not that simple.
std::optional<storage::history::Figure> figure_of(const Family& family);

// By name.
std::span<const Family> families();

}  // namespace series
