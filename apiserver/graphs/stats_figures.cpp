// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/stats_figures.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

namespace apiserver {
namespace {

using storage::history::Seconds;
using storage::stats::KnownPod;
using storage::stats::OfContainer;
using storage::stats::OfNode;
using storage::stats::OfPod;
using storage::stats::OfSystemContainer;
using storage::stats::OfVolume;
using storage::stats::Part;
using storage::stats::Point;
using storage::stats::StatsHistory;
using storage::stats::TimeRange;
using StatsSubject = storage::stats::Subject;

// What Heapster's short store held.
constexpr Seconds kShortStore = 140;
constexpr std::uint64_t kNanosPerMillicore = 1'000'000;

// Of whom a metric is.
constexpr unsigned kNode = 1, kPod = 2, kContainer = 4, kSystem = 8;
constexpr unsigned kAll = kNode | kPod | kContainer | kSystem;

enum class Form : std::uint8_t {
    value,
    // A second.
    rate,
    millicores,
    // With the column behind it.
    sum_of_two,
    uptime,
};

struct StatsFigure {
    std::string_view name;
    unsigned of;
    Part part;
    // In Point::values.
    std::size_t column;
    Form form = Form::value;
};

// By name.
constexpr StatsFigure kFigures[] = {
    {"cpu/usage", kSystem, Part::memory, 4},
    {"cpu/usage_rate", kSystem, Part::memory, 4, Form::millicores},
    {"ephemeral_storage/usage", kNode, Part::filesystem, 0},
    {"ephemeral_storage/usage", kPod, Part::memory, 4},
    {"ephemeral_storage/usage", kContainer, Part::disk, 0, Form::sum_of_two},
    {"memory/major_page_faults", kAll, Part::memory, 3},
    {"memory/major_page_faults_rate", kAll, Part::memory, 3, Form::rate},
    {"memory/page_faults", kAll, Part::memory, 2},
    {"memory/page_faults_rate", kAll, Part::memory, 2, Form::rate},
    {"memory/rss", kAll, Part::memory, 1},
    {"memory/usage", kSystem, Part::memory, 0},
    {"network/rx", kNode | kPod, Part::network, 0},
    {"network/rx_errors", kNode | kPod, Part::network, 2},
    {"network/rx_errors_rate", kNode | kPod, Part::network, 2, Form::rate},
    {"network/rx_rate", kNode | kPod, Part::network, 0, Form::rate},
    {"network/tx", kNode | kPod, Part::network, 1},
    {"network/tx_errors", kNode | kPod, Part::network, 3},
    {"network/tx_errors_rate", kNode | kPod, Part::network, 3, Form::rate},
    {"network/tx_rate", kNode | kPod, Part::network, 1, Form::rate},
    {"uptime", kAll, Part::memory, 0, Form::uptime},
};

// Of file systems; in the order of Part::filesystem.
constexpr std::string_view kFilesystemFigures[] = {"filesystem/usage", "filesystem/limit",
                                                   "filesystem/available", "filesystem/inodes",
                                                   "filesystem/inodes_free"};

unsigned level_of(const StatsSubject& of) {
    if (std::holds_alternative<OfNode>(of)) return kNode;
    if (std::holds_alternative<OfPod>(of)) return kPod;
    if (std::holds_alternative<OfContainer>(of)) return kContainer;
    return std::holds_alternative<OfSystemContainer>(of) ? kSystem : 0;
}

std::vector<Point> points_of(const StatsHistory& stats, const StatsSubject& of, Part part, TimeRange range) {
    std::vector<Point> points;
    stats.read_recent(of, part, range, points);
    return points;
}

std::optional<std::uint64_t> shown(const StatsFigure& figure, const Point& point, const Point* before,
                                   Seconds tick) {
    const auto& value = point.values[figure.column];
    if (figure.form == Form::uptime) {
        if (point.started == 0 || point.started > point.at) return std::nullopt;
        return static_cast<std::uint64_t>(point.at - point.started) * 1000;
    }
    if (!value || figure.form == Form::value) return value;
    if (figure.form == Form::sum_of_two) return *value + point.values[figure.column + 1].value_or(0);
    // As Heapster: a rate is over neighbours of one life.
    if (before == nullptr || before->life != point.life || point.at - before->at > tick) return std::nullopt;
    const auto& earlier = before->values[figure.column];
    if (!earlier || *earlier > *value) return std::nullopt;
    const std::uint64_t a_second = (*value - *earlier) / static_cast<std::uint64_t>(point.at - before->at);
    return figure.form == Form::millicores ? a_second / kNanosPerMillicore : a_second;
}

std::vector<MinutePoint> read_figure(const StatsHistory& stats, const StatsSubject& of,
                                     const StatsFigure& figure, TimeRange range) {
    std::vector<MinutePoint> out;
    const Seconds tick = stats.options().pace.count();
    const std::vector<Point> points =
        points_of(stats, of, figure.part, {std::max<Seconds>(range.from, tick) - tick, range.to});
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].at < range.from) continue;
        if (const auto value = shown(figure, points[i], i == 0 ? nullptr : &points[i - 1], tick))
            out.push_back({points[i].at, *value});
    }
    return out;
}

std::vector<MinutePoint> read_filesystem(const StatsHistory& stats, const StatsSubject& of,
                                         std::size_t column, std::string_view resource, TimeRange range) {
    const auto read = [&](const StatsSubject& subject, Part part, std::size_t at) {
        return read_figure(stats, subject, {{}, 0, part, at}, range);
    };
    constexpr std::string_view kVolume = "Volume:";
    if (std::holds_alternative<OfNode>(of) && resource == "/") return read(of, Part::filesystem, column);
    if (const auto* const pod = std::get_if<OfPod>(&of); pod != nullptr && resource.starts_with(kVolume)) {
        resource.remove_prefix(kVolume.size());
        return read(OfVolume{pod->name_space, pod->name, resource}, Part::filesystem, column);
    }
    const auto* const container = std::get_if<OfContainer>(&of);
    if (container == nullptr || (resource != "/" && resource != "logs")) return {};
    const bool logs = resource == "logs";
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
        const unsigned level = level_of(of);
        for (const StatsFigure& each : kFigures)
            if (each.name == metric && (each.of & level) != 0) return read_figure(stats, of, each, range);
        return {};
    }
    constexpr std::string_view kResource = "resource_id:";
    if (!labels.starts_with(kResource) || labels.find(',') != std::string_view::npos) return {};
    const auto* const at = std::find(std::begin(kFilesystemFigures), std::end(kFilesystemFigures), metric);
    if (at == std::end(kFilesystemFigures)) return {};
    return read_filesystem(stats, of, static_cast<std::size_t>(at - kFilesystemFigures),
                           labels.substr(kResource.size()), range);
}

std::vector<std::string_view> stats_metrics(const StatsHistory& stats, const StatsSubject& of,
                                            TimeRange range) {
    std::vector<std::string_view> names;
    const unsigned level = level_of(of);
    for (const StatsFigure& each : kFigures)
        if ((each.of & level) != 0 && !read_figure(stats, of, each, range).empty())
            names.push_back(each.name);
    return names;
}

// metrics/sources/summary/summary.go
std::string_view heapster_name(std::string_view system_container) {
    if (system_container == "runtime") return "docker-daemon";
    return system_container == "misc" ? "system" : system_container;
}

std::string_view kubelet_name(std::string_view system_container) {
    if (system_container == "docker-daemon") return "runtime";
    return system_container == "system" ? "misc" : system_container;
}

}  // namespace apiserver
