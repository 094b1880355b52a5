// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/object_metrics.hpp"

#include "heapster/object_metrics.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace apiserver {
namespace {

using storage::history::OfNode;
using storage::history::Subject;

// In the newest minute.
std::optional<std::uint64_t> usage_of_node(const ModelSources& sources, const OfNode& node, Figure figure,
                                           MinuteRange newest) {
    MinuteReader reader{sources.history, figure, newest};
    const auto& points = reader.read(node);
    if (points.empty()) return std::nullopt;
    return points.back().value;
}

void tell(const ModelSources& sources, const Subject& subject, MinuteRange newest,
          const heapster::Take& take) {
    if (sources.objects == nullptr) return;
    heapster::NodeUsage usage;
    if (const auto* const node = std::get_if<OfNode>(&subject)) {
        usage.millicores = usage_of_node(sources, *node, Figure::cpu, newest);
        usage.bytes = usage_of_node(sources, *node, Figure::memory, newest);
    }
    heapster::tell_objects(*sources.objects, subject, usage, take);
}

// Of Heapster's first releases.
std::string_view present_name(std::string_view metric) {
    if (metric == "cpu-limit") return "cpu/limit";
    if (metric == "memory-limit") return "memory/limit";
    return metric;
}

MinuteRange newest_of(const ModelSources& sources) {
    const MinuteRange shown = shown_minutes(sources.history, sources.now, std::nullopt);
    if (shown.first > shown.last) return {};
    return {shown.last, shown.last};
}

}  // namespace

ObjectMetricReader::ObjectMetricReader(const ModelSources& sources, std::string_view metric,
                                       MinuteRange asked)
    : sources_{sources}, metric_{present_name(metric)} {
    const MinuteRange newest = newest_of(sources);
    if (asked.first <= newest.first && newest.last <= asked.last) newest_ = newest;
}

const std::vector<MinutePoint>& ObjectMetricReader::read(const Subject& subject) {
    points_.clear();
    if (newest_.first > newest_.last) return points_;
    tell(sources_, subject, newest_, [&](std::string_view name, heapster::Value value) {
        if (name == metric_) points_.push_back({newest_.last, heapster::whole(value)});
    });
    return points_;
}

std::vector<std::string> object_metric_names(const ModelSources& sources, const Subject& subject) {
    std::vector<std::string> names;
    tell(sources, subject, newest_of(sources),
         [&](std::string_view name, heapster::Value) { names.emplace_back(name); });
    return names;
}

}  // namespace apiserver
