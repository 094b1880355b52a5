// SPDX-License-Identifier: Apache-2.0
#include "series/catalog.hpp"

#include <array>

namespace series {
namespace {

using Value = std::optional<double>;

Value cpu_of(const Point& point) {
    return point.cpu_seconds;
}
Value memory_of(const Point& point) {
    return point.memory;
}
Value swap_of(const Point& point) {
    return point.swap;
}
Value start_of(const Point& point) {
    return point.started > 0 ? Value{point.started} : std::nullopt;
}

using Told = storage::stats::Point;
using storage::stats::Part;

template <std::size_t at>
Value told(const Told& point) {
    const auto& value = point.values[at];
    return value ? Value{static_cast<double>(*value)} : std::nullopt;
}
// Of a node: when it was booted (pkg/kubelet/server/stats/summary.go).
Value booted(const Told& point) {
    return point.started != 0 ? Value{static_cast<double>(point.started)} : std::nullopt;
}
// Of the writable layer and of the logs.
Value disk_of(const Told& point) {
    const auto layer = told<0>(point), logs = told<1>(point);
    return layer || logs ? Value{layer.value_or(0) + logs.value_or(0)} : std::nullopt;
}

constexpr std::string_view kCounter = "counter", kGauge = "gauge";
constexpr std::string_view kSeconds = "seconds", kBytes = "bytes";

constexpr Family as_moving(Family family) {
    family.moves = true;
    return family;
}
constexpr Family as_node_exporter(Family family) {
    family.node_exporter = true;
    return family;
}

constexpr std::array kFamilies{
    Family{"container_cpu_usage_seconds_total", kCounter, kSeconds,
           "CPU used by the container since its start, or since topd's: the integral of the usage served.",
           "Headlamp, Freelens, Kite", Origin::kubelet, Kind::container, Shape::plain, cpu_of},
    Family{"container_fs_usage_bytes", kGauge, kBytes, "Writable layer and logs of the container.",
           "Freelens", Origin::summary, Kind::container, Shape::plain, nullptr, disk_of, Part::disk},
    Family{"container_memory_rss", kGauge, kBytes, "Resident memory of the container.", "", Origin::summary,
           Kind::container, Shape::plain, nullptr, told<1>, Part::memory},
    Family{"container_memory_usage_bytes", kGauge, kBytes, "Memory of the container with its caches.", "Kite",
           Origin::summary, Kind::container, Shape::plain, nullptr, told<0>, Part::memory},
    Family{"container_memory_working_set_bytes", kGauge, kBytes, "Working set of the container.",
           "Headlamp, Freelens", Origin::kubelet, Kind::container, Shape::plain, memory_of},
    Family{"container_network_receive_bytes_total", kCounter, kBytes,
           "Received by the pod, over all interfaces.", "Headlamp, Freelens, Kite", Origin::summary,
           Kind::pod, Shape::plain, nullptr, told<0>, Part::network},
    Family{"container_network_transmit_bytes_total", kCounter, kBytes,
           "Sent by the pod, over all interfaces.", "Headlamp, Freelens, Kite", Origin::summary, Kind::pod,
           Shape::plain, nullptr, told<1>, Part::network},
    Family{"container_start_time_seconds", kGauge, kSeconds, "Start of the container, Unix time.", "",
           Origin::kubelet, Kind::container, Shape::plain, start_of},
    Family{"container_swap_usage_bytes", kGauge, kBytes, "Swap used by the container.", "", Origin::kubelet,
           Kind::container, Shape::plain, swap_of},
    Family{"kube_node_status_allocatable", kGauge, "", "What of the node pods may use.", "Freelens, Kite",
           Origin::objects, Kind::node, Shape::node_allocatable},
    Family{"kube_node_status_capacity", kGauge, "", "What the node has.", "Freelens", Origin::objects,
           Kind::node, Shape::node_capacity},
    Family{"kube_pod_container_resource_limits", kGauge, "", "Limit of the container.", "Freelens",
           Origin::objects, Kind::container, Shape::container_limits},
    Family{"kube_pod_container_resource_requests", kGauge, "", "Request of the container.", "Freelens",
           Origin::objects, Kind::container, Shape::container_requests},
    Family{"kube_pod_container_status_restarts_total", kCounter, "", "Restarts of the container.",
           "boards of others", Origin::objects, Kind::container, Shape::container_restarts},
    Family{"kube_pod_info", kGauge, "", "1, with what is known of the pod as labels.",
           "Freelens, kubernetes-mixin", Origin::objects, Kind::pod, Shape::pod_info},
    Family{"kubelet_running_pods", kGauge, "", "Pods of the node.", "Freelens", Origin::objects, Kind::node,
           Shape::node_pods},
    Family{"kubelet_volume_stats_available_bytes", kGauge, kBytes, "Free on the volume.", "boards of others",
           Origin::summary, Kind::pod, Shape::volumes, nullptr, told<2>, Part::filesystem},
    Family{"kubelet_volume_stats_capacity_bytes", kGauge, kBytes, "Size of the volume.", "Headlamp",
           Origin::summary, Kind::pod, Shape::volumes, nullptr, told<1>, Part::filesystem},
    Family{"kubelet_volume_stats_used_bytes", kGauge, kBytes, "Used of the volume.", "Headlamp",
           Origin::summary, Kind::pod, Shape::volumes, nullptr, told<0>, Part::filesystem},
    as_node_exporter({"node_boot_time_seconds", kGauge, kSeconds, "When the node was booted, Unix time.",
                      "boards of node-exporter", Origin::summary, Kind::node, Shape::plain, nullptr, booted,
                      Part::memory}),
    Family{"node_cpu_usage_seconds_total", kCounter, kSeconds, "CPU used by the node since topd's start.", "",
           Origin::kubelet, Kind::node, Shape::plain, cpu_of},
    as_node_exporter({"node_memory_MemAvailable_bytes", kGauge, kBytes,
                      "Capacity less the working set: what kubelets call memory.available.",
                      "boards of node-exporter", Origin::objects, Kind::node, Shape::node_memory_available}),
    as_node_exporter({"node_memory_MemTotal_bytes", kGauge, kBytes, "Memory that the node has.",
                      "boards of node-exporter", Origin::objects, Kind::node, Shape::node_memory_total}),
    Family{"node_memory_working_set_bytes", kGauge, kBytes, "Working set of the node.", "", Origin::kubelet,
           Kind::node, Shape::plain, memory_of},
    Family{"node_swap_usage_bytes", kGauge, kBytes, "Swap used by the node.", "", Origin::kubelet, Kind::node,
           Shape::plain, swap_of},
    as_moving({"pod_cpu_usage_seconds_total", kCounter, kSeconds,
               "CPU used by the pod's containers since the first point that is kept. Not in remote write: "
               "sum theirs.",
               "", Origin::kubelet, Kind::pod, Shape::plain, cpu_of}),
    Family{"pod_memory_working_set_bytes", kGauge, kBytes, "Working set of the pod's containers.", "",
           Origin::kubelet, Kind::pod, Shape::plain, memory_of},
    Family{"pod_swap_usage_bytes", kGauge, kBytes, "Swap used by the pod's containers.", "", Origin::kubelet,
           Kind::pod, Shape::plain, swap_of},
    Family{"up", kGauge, "", "1 while there are figures of the node, 0 while it is known and there are none.",
           "Headlamp", Origin::kubelet, Kind::node, Shape::up},
};

}  // namespace

bool has(const Extras& extras, const Family& family) {
    if (family.node_exporter && !extras.node_exporter) return false;
    if (family.origin == Origin::summary) return extras.stats != nullptr;
    return family.origin == Origin::kubelet || extras.objects != nullptr;
}

std::optional<storage::history::Figure> figure_of(const Family& family) {
    if (family.kind == Kind::pod) return std::nullopt;
    if (family.value == cpu_of) return storage::history::Figure::cpu_seconds;
    if (family.value == memory_of) return storage::history::Figure::memory;
    return std::nullopt;
}

std::span<const Family> families() {
    return kFamilies;
}

}  // namespace series
