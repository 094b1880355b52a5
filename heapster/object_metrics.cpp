// SPDX-License-Identifier: Apache-2.0
#include "heapster/object_metrics.hpp"

#include "storage/watched/watched_objects.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <variant>

namespace heapster {
namespace {

using storage::NodeObject;
using storage::Reserved;
using storage::WatchedObjects;
using storage::history::OfContainer;
using storage::history::OfNamespace;
using storage::history::OfNode;
using storage::history::OfPod;

// Kubernetes' word for a resource, where its sum is, and its metrics.
struct Known {
    std::string_view resource;
    std::uint64_t Reserved::*sum;
    const char* request;
    const char* limit;
    const char* capacity;
    const char* allocatable;
    const char* reservation;
    const char* utilization;
};
constexpr std::array kKnown{
    Known{"cpu", &Reserved::cpu, "cpu/request", "cpu/limit", "cpu/node_capacity", "cpu/node_allocatable",
          "cpu/node_reservation", "cpu/node_utilization"},
    Known{"memory", &Reserved::memory, "memory/request", "memory/limit", "memory/node_capacity",
          "memory/node_allocatable", "memory/node_reservation", "memory/node_utilization"},
    // Kubelets' /metrics/resource has no file systems: its utilization is not told.
    Known{"ephemeral-storage", &Reserved::ephemeral_storage, "ephemeral_storage/request",
          "ephemeral_storage/limit", "ephemeral_storage/node_capacity", "ephemeral_storage/node_allocatable",
          "ephemeral_storage/node_reservation", nullptr}};
// Of namespaces and the cluster there are sums of the first two alone.
constexpr std::size_t kSummed = 2;

bool is_known(std::string_view resource) {
    for (const Known& known : kKnown)
        if (known.resource == resource) return true;
    return false;
}

void tell_sums(const storage::ResourceSums& sums, std::size_t resources, const Take& take) {
    for (std::size_t i = 0; i < resources; ++i) {
        take(kKnown[i].request, sums.requests.*kKnown[i].sum);
        take(kKnown[i].limit, sums.limits.*kKnown[i].sum);
    }
}

void tell_lists(storage::ResourceList requests, storage::ResourceList limits, const Take& take) {
    for (const Known& known : kKnown) {
        take(known.request, storage::amount_of(requests, known.resource).value_or(0));
        take(known.limit, storage::amount_of(limits, known.resource).value_or(0));
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
        take("restart_count", std::uint64_t{pod.restarts_of(i)});
        return;
    }
}

double share(std::uint64_t part, std::uint64_t of) {
    return static_cast<double>(part) / static_cast<double>(of);
}

void tell_node(const WatchedObjects& objects, const NodeObject& node, const NodeUsage& usage,
               const Take& take) {
    const storage::ResourceSums sums = objects.sums_of_node(node.name);
    tell_sums(sums, kKnown.size(), take);
    for (const Known& known : kKnown) {
        const auto capacity = storage::amount_of(node.capacity, known.resource);
        const auto allocatable = storage::amount_of(node.allocatable, known.resource);
        if (capacity) take(known.capacity, static_cast<double>(*capacity));
        if (allocatable) take(known.allocatable, static_cast<double>(*allocatable));
        if (allocatable.value_or(0) == 0) continue;
        take(known.reservation, share(sums.requests.*known.sum, *allocatable));
        const auto& used = known.resource == "cpu" ? usage.millicores : usage.bytes;
        if (known.utilization != nullptr && used) take(known.utilization, share(*used, *allocatable));
    }
}

}  // namespace

void tell_objects(const WatchedObjects& objects, const storage::history::Subject& subject,
                  const NodeUsage& usage, const Take& take) {
    if (const auto* of_node = std::get_if<OfNode>(&subject)) {
        if (const auto node = objects.node(of_node->name)) tell_node(objects, *node, usage, take);
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

}  // namespace heapster
