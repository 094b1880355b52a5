// SPDX-License-Identifier: Apache-2.0
#include "heapster/summary_metrics.hpp"

#include <variant>

namespace heapster {
namespace {

using storage::stats::OfContainer;
using storage::stats::OfNode;
using storage::stats::OfPod;
using storage::stats::OfSystemContainer;
using storage::stats::Part;
using Form = SummaryMetric::Form;

constexpr std::uint64_t kNanosPerMillicore = 1'000'000;
constexpr Levels kAll = kNode | kPod | kContainer | kSystemContainer;

// By name.
constexpr SummaryMetric kMetrics[] = {
    {"cpu/usage", kSystemContainer, Part::memory, 4},
    {"cpu/usage_rate", kSystemContainer, Part::memory, 4, Form::millicores},
    {"ephemeral_storage/usage", kNode, Part::filesystem, 0},
    {"ephemeral_storage/usage", kPod, Part::memory, 4},
    {"ephemeral_storage/usage", kContainer, Part::disk, 0, Form::sum_of_two},
    {"memory/major_page_faults", kAll, Part::memory, 3},
    {"memory/major_page_faults_rate", kAll, Part::memory, 3, Form::rate},
    {"memory/page_faults", kAll, Part::memory, 2},
    {"memory/page_faults_rate", kAll, Part::memory, 2, Form::rate},
    {"memory/rss", kAll, Part::memory, 1},
    {"memory/usage", kSystemContainer, Part::memory, 0},
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

}  // namespace

Levels level_of(const storage::stats::Subject& subject) {
    if (std::holds_alternative<OfNode>(subject)) return kNode;
    if (std::holds_alternative<OfPod>(subject)) return kPod;
    if (std::holds_alternative<OfContainer>(subject)) return kContainer;
    return std::holds_alternative<OfSystemContainer>(subject) ? kSystemContainer : 0;
}

std::span<const SummaryMetric> summary_metrics() {
    return kMetrics;
}

std::optional<Value> value_of(const SummaryMetric& metric, const storage::stats::Point& point,
                              const storage::stats::Point* before, storage::stats::Seconds tick) {
    const auto& value = point.values[metric.column];
    if (metric.form == Form::uptime) {
        if (point.started == 0 || point.started > point.at) return std::nullopt;
        return static_cast<std::uint64_t>(point.at - point.started) * 1000;
    }
    if (!value) return std::nullopt;
    if (metric.form == Form::value) return *value;
    if (metric.form == Form::sum_of_two) return *value + point.values[metric.column + 1].value_or(0);
    if (before == nullptr || before->life != point.life || point.at - before->at > tick) return std::nullopt;
    const auto& earlier = before->values[metric.column];
    if (!earlier || *earlier > *value) return std::nullopt;
    const std::uint64_t grown = *value - *earlier;
    const auto seconds = static_cast<std::uint64_t>(point.at - before->at);
    if (metric.form == Form::millicores) return grown / seconds / kNanosPerMillicore;
    return static_cast<double>(grown) / static_cast<double>(seconds);
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

}  // namespace heapster
