// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/object_metrics.hpp"

#include "storage/watched/watched_objects.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <variant>

namespace apiserver {
namespace {

using storage::NodeObject;
using storage::Reserved;
using storage::WatchedObjects;
using storage::history::OfContainer;
using storage::history::OfNamespace;
using storage::history::OfNode;
using storage::history::OfPod;
using storage::history::Subject;

// A metric that a thing has, and its value; nullopt: it cannot be told now.
using Take = std::function<void(const std::string& name, std::optional<std::uint64_t> value)>;

// Heapster's word for a resource, Kubernetes', and where its sum is.
struct Known {
    const char* metric;
    std::string_view resource;
    std::uint64_t Reserved::*sum;
};
constexpr std::array kKnown{Known{"cpu", "cpu", &Reserved::cpu}, Known{"memory", "memory", &Reserved::memory},
                            Known{"ephemeral_storage", "ephemeral-storage", &Reserved::ephemeral_storage}};
// Of namespaces and the cluster there are sums of the first two alone.
constexpr std::size_t kSummed = 2;

bool is_known(std::string_view resource) {
    for (const Known& known : kKnown)
        if (known.resource == resource) return true;
    return false;
}

void tell_sums(const storage::ResourceSums& sums, std::size_t resources, const Take& take) {
    for (std::size_t i = 0; i < resources; ++i) {
        const std::string of{kKnown[i].metric};
        take(of + "/request", sums.requests.*kKnown[i].sum);
        take(of + "/limit", sums.limits.*kKnown[i].sum);
    }
}

// 0 where there is none, as in Heapster; of other resources than the known the requests that there are.
void tell_lists(storage::ResourceList requests, storage::ResourceList limits, const Take& take) {
    for (const Known& known : kKnown) {
        const std::string of{known.metric};
        take(of + "/request", storage::amount_of(requests, known.resource).value_or(0));
        take(of + "/limit", storage::amount_of(limits, known.resource).value_or(0));
    }
    for (const storage::Quantity& quantity : requests)
        if (!is_known(quantity.resource)) take(std::string{quantity.resource} + "/request", quantity.amount);
}

void tell_pod(const storage::PodObject& pod, const Take& take) {
    tell_lists(pod.requests, pod.limits, take);
    std::uint64_t restarts = 0;
    for (const std::uint32_t each : pod.restarts) restarts += each;
    take("restart_count", restarts);
}

void tell_container(const storage::PodObject& pod, std::string_view name, const Take& take) {
    for (std::size_t i = 0; i < pod.containers.size(); ++i) {
        const storage::ContainerObject& container = pod.containers[i];
        if (container.name != name) continue;
        tell_lists(container.requests, container.limits, take);
        take("restart_count", pod.restarts_of(i));
        return;
    }
}

// In the newest minute. There is none of storage: kubelets' /metrics/resource has no file systems.
std::optional<std::uint64_t> usage_of_node(const ModelSources& sources, std::string_view node,
                                           std::string_view resource, MinuteRange newest) {
    const Figure figure = resource == "cpu" ? Figure::cpu : Figure::memory;
    MinuteReader reader{sources.history, figure, newest};
    const auto& points = reader.read(OfNode{node});
    if (points.empty()) return std::nullopt;
    return points.back().value;
}

void tell_node(const ModelSources& sources, const NodeObject& node, MinuteRange newest, const Take& take) {
    const storage::ResourceSums sums = sources.objects->sums_of_node(node.name);
    tell_sums(sums, kKnown.size(), take);
    for (std::size_t i = 0; i < kKnown.size(); ++i) {
        const std::string of{kKnown[i].metric};
        const auto capacity = storage::amount_of(node.capacity, kKnown[i].resource);
        const auto allocatable = storage::amount_of(node.allocatable, kKnown[i].resource);
        if (capacity) take(of + "/node_capacity", *capacity);
        if (allocatable) take(of + "/node_allocatable", *allocatable);
        if (allocatable.value_or(0) == 0) continue;
        take(of + "/node_reservation", sums.requests.*kKnown[i].sum / *allocatable);
        if (i >= kSummed) continue;
        const auto usage = usage_of_node(sources, node.name, kKnown[i].resource, newest);
        take(of + "/node_utilization", usage ? std::optional{*usage / *allocatable} : std::nullopt);
    }
}

void tell(const ModelSources& sources, const Subject& subject, MinuteRange newest, const Take& take) {
    if (sources.objects == nullptr) return;
    const WatchedObjects& objects = *sources.objects;
    if (const auto* of_node = std::get_if<OfNode>(&subject)) {
        if (const auto node = objects.node(of_node->name)) tell_node(sources, *node, newest, take);
    } else if (const auto* of_pod = std::get_if<OfPod>(&subject)) {
        if (const auto pod = objects.pod(of_pod->name_space, of_pod->name)) tell_pod(*pod, take);
    } else if (const auto* of_container = std::get_if<OfContainer>(&subject)) {
        if (const auto pod = objects.pod(of_container->name_space, of_container->pod))
            tell_container(*pod, of_container->name, take);
    } else {
        const auto* of = std::get_if<OfNamespace>(&subject);
        const storage::ResourceSums sums =
            of != nullptr ? objects.sums_of_namespace(of->name) : objects.sums();
        if (sums.pods > 0) tell_sums(sums, kSummed, take);
    }
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

ObjectMetric::ObjectMetric(const ModelSources& sources, std::string_view metric, MinuteRange asked)
    : sources_{sources}, metric_{present_name(metric)} {
    const MinuteRange newest = newest_of(sources);
    if (asked.first <= newest.first && newest.last <= asked.last) newest_ = newest;
}

const std::vector<MinutePoint>& ObjectMetric::read(const Subject& subject) {
    points_.clear();
    if (newest_.first > newest_.last) return points_;
    tell(sources_, subject, newest_, [&](const std::string& name, std::optional<std::uint64_t> value) {
        if (name == metric_ && value) points_.push_back({newest_.last, *value});
    });
    return points_;
}

std::vector<std::string> object_metric_names(const ModelSources& sources, const Subject& subject) {
    std::vector<std::string> names;
    tell(sources, subject, newest_of(sources),
         [&](const std::string& name, std::optional<std::uint64_t> value) {
             if (value) names.push_back(name);
         });
    return names;
}

}  // namespace apiserver
