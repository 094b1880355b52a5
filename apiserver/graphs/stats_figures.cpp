// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/stats_figures.hpp"

#include "heapster/summary_metrics.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>

namespace apiserver {
namespace {

using heapster::SummaryMetric;
using storage::history::Seconds;
using storage::stats::KnownPod;
using storage::stats::OfContainer;
using storage::stats::OfNode;
using storage::stats::OfPod;
using storage::stats::OfVolume;
using storage::stats::Part;
using storage::stats::Point;
using storage::stats::StatsHistory;
using storage::stats::TimeRange;
using StatsSubject = storage::stats::Subject;

// What Heapster's short store held.
constexpr Seconds kShortStore = 140;

std::vector<Point> points_of(const StatsHistory& stats, const StatsSubject& of, Part part, TimeRange range) {
    std::vector<Point> points;
    stats.read_recent(of, part, range, points);
    return points;
}

std::vector<MinutePoint> read_figure(const StatsHistory& stats, const StatsSubject& of,
                                     const SummaryMetric& figure, TimeRange range) {
    std::vector<MinutePoint> out;
    const Seconds tick = stats.options().pace.count();
    const std::vector<Point> points =
        points_of(stats, of, figure.part, {std::max<Seconds>(range.from, tick) - tick, range.to});
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].at < range.from) continue;
        if (const auto value = heapster::value_of(figure, points[i], i == 0 ? nullptr : &points[i - 1], tick))
            out.push_back({points[i].at, heapster::whole(*value)});
    }
    return out;
}

std::vector<MinutePoint> read_filesystem(const StatsHistory& stats, const StatsSubject& of,
                                         std::size_t column, std::string_view resource, TimeRange range) {
    const auto read = [&](const StatsSubject& subject, Part part, std::size_t at) {
        return read_figure(stats, subject, {{}, 0, part, at}, range);
    };
    if (std::holds_alternative<OfNode>(of) && resource == heapster::kRoot)
        return read(of, Part::filesystem, column);
    if (const auto* const pod = std::get_if<OfPod>(&of);
        pod != nullptr && resource.starts_with(heapster::kVolume)) {
        resource.remove_prefix(heapster::kVolume.size());
        return read(OfVolume{pod->name_space, pod->name, resource}, Part::filesystem, column);
    }
    const auto* const container = std::get_if<OfContainer>(&of);
    if (container == nullptr || (resource != heapster::kRoot && resource != heapster::kLogs)) return {};
    const bool logs = resource == heapster::kLogs;
    if (column == 0) return read(of, Part::disk, logs ? 1 : 0);
    KnownPod pod;
    if (!stats.pod(container->name_space, container->pod, pod)) return {};
    // Of those that are there alone.
    if (read(of, Part::disk, logs ? 1 : 0).empty()) return {};
    return read(OfNode{pod.node}, logs ? Part::filesystem : Part::container_filesystem, column);
}

}  // namespace

TimeRange shown_stats(const StatsHistory& stats, Seconds now, std::optional<Seconds> start, Seconds end) {
    // A tick is told with the page behind it.
    return {start.value_or(now - kShortStore - stats.options().pace.count()), end};
}

std::vector<MinutePoint> read_stats(const StatsHistory& stats, const StatsSubject& of,
                                    std::string_view metric, std::string_view labels, TimeRange range) {
    if (labels.empty()) {
        const heapster::Levels level = heapster::level_of(of);
        for (const SummaryMetric& each : heapster::summary_metrics())
            if (each.name == metric && (each.of & level) != 0) return read_figure(stats, of, each, range);
        return {};
    }
    constexpr std::string_view kResource = "resource_id:";
    if (!labels.starts_with(kResource) || labels.find(',') != std::string_view::npos) return {};
    const auto* const at =
        std::find(std::begin(heapster::kFilesystemMetrics), std::end(heapster::kFilesystemMetrics), metric);
    if (at == std::end(heapster::kFilesystemMetrics)) return {};
    return read_filesystem(stats, of, static_cast<std::size_t>(at - heapster::kFilesystemMetrics),
                           labels.substr(kResource.size()), range);
}

std::vector<std::string_view> stats_metrics(const StatsHistory& stats, const StatsSubject& of,
                                            TimeRange range) {
    std::vector<std::string_view> names;
    const heapster::Levels level = heapster::level_of(of);
    for (const SummaryMetric& each : heapster::summary_metrics())
        if ((each.of & level) != 0 && !read_figure(stats, of, each, range).empty())
            names.push_back(each.name);
    return names;
}

}  // namespace apiserver
