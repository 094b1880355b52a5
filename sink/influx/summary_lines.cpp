// SPDX-License-Identifier: Apache-2.0
#include "sink/influx/summary_lines.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sink::influx {

using heapster::SummaryMetric;
using storage::stats::Part;
using storage::stats::Point;
using StatsSubject = storage::stats::Subject;

namespace {

bool has_rate(const SummaryMetric& counter) {
    const auto metrics = heapster::summary_metrics();
    return counter.form == SummaryMetric::Form::value &&
           std::any_of(metrics.begin(), metrics.end(), [&](const SummaryMetric& each) {
               return each.name.size() == counter.name.size() + 5 && each.name.starts_with(counter.name) &&
                      each.name.ends_with("_rate");
           });
}

}  // namespace

SummaryLines::SummaryLines(const storage::stats::StatsHistory& stats, bool disable_counter_metrics,
                           Lines& lines, Write write)
    : stats_{stats}, lines_{lines}, write_{std::move(write)} {
    for (const SummaryMetric& each : heapster::summary_metrics())
        if (!disable_counter_metrics || !has_rate(each)) metrics_.push_back(each);
}

void SummaryLines::tell(const Row& row, const Tags& tags, storage::stats::TimeRange range) {
    range_ = range;
    if (row.of == Row::Of::node) {
        const StatsSubject node = storage::stats::OfNode{row.node};
        tell_part(node, Part::network, tags);
        tell_part(node, Part::memory, tags);
        tell_part(node, Part::filesystem, tags);
        tell_filesystem(node, heapster::kRoot, tags);
        tell_system_containers(row.node, tags.cluster_name);
    } else if (row.of == Row::Of::pod) {
        const StatsSubject pod = storage::stats::OfPod{row.name_space, row.pod};
        tell_part(pod, Part::network, tags);
        tell_part(pod, Part::memory, tags);
        if (!stats_.pod(row.name_space, row.pod, known_)) return;
        for (const storage::stats::KnownVolume& volume : known_.volumes) {
            resource_.assign(heapster::kVolume).append(volume.name);
            tell_filesystem(storage::stats::OfVolume{row.name_space, row.pod, volume.name}, resource_, tags);
        }
    } else if (row.of == Row::Of::container) {
        const StatsSubject container = storage::stats::OfContainer{row.name_space, row.pod, row.container};
        tell_part(container, Part::memory, tags);
        tell_part(container, Part::disk, tags);
        tell_disk(container, tags);
    }
}

const Point* SummaryLines::newest(const StatsSubject& of, Part part) {
    const Seconds pace = stats_.options().pace.count();
    const storage::stats::TimeRange range{range_.from - pace, range_.to};
    stats_.read_recent(of, part, range, read_);
    if (read_.empty() || read_.back().at < range_.from) return nullptr;
    return &read_.back();
}

void SummaryLines::tell_part(const StatsSubject& of, Part part, const Tags& tags) {
    const Point* const point = newest(of, part);
    if (point == nullptr) return;
    const Point* const before = read_.size() < 2 ? nullptr : point - 1;
    const heapster::Levels level = heapster::level_of(of);
    for (const SummaryMetric& each : metrics_) {
        if (each.part != part || (each.of & level) == 0) continue;
        const auto value = value_of(each, *point, before, stats_.options().pace.count());
        if (value) lines_.add(each.name, *value);
    }
    write_(tags, point->at);
}

void SummaryLines::tell_filesystem(const StatsSubject& of, std::string_view resource, Tags tags) {
    const Point* const point = newest(of, Part::filesystem);
    if (point == nullptr) return;
    for (std::size_t i = 0; i < std::size(heapster::kFilesystemMetrics); ++i)
        if (point->values[i]) lines_.add(heapster::kFilesystemMetrics[i], *point->values[i]);
    tags.resource_id = resource;
    write_(tags, point->at);
}

void SummaryLines::tell_disk(const StatsSubject& of, Tags tags) {
    const Point* const point = newest(of, Part::disk);
    if (point == nullptr) return;
    constexpr std::string_view kResources[] = {heapster::kRoot, heapster::kLogs};
    for (std::size_t i = 0; i < std::size(kResources); ++i) {
        if (point->values[i]) lines_.add(heapster::kFilesystemMetrics[0], *point->values[i]);
        tags.resource_id = kResources[i];
        write_(tags, point->at);
    }
}

void SummaryLines::tell_system_containers(std::string_view node, std::string_view cluster) {
    for (const std::string_view name : stats_.system_containers(node)) {
        Tags tags;
        tags.cluster_name = cluster;
        tags.container_name = heapster::heapster_name(name);
        tags.nodename = node;
        tags.type = "sys_container";
        tell_part(storage::stats::OfSystemContainer{node, name}, Part::memory, tags);
    }
}

}  // namespace sink::influx
