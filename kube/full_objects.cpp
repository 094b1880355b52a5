// SPDX-License-Identifier: Apache-2.0
#include "kube/full_objects.hpp"

#include "kube/wire/quantity.hpp"

#include <algorithm>
#include <limits>

namespace kube {
namespace {

// 0 where there was none. Null: there are too many.
std::uint64_t* place_of(ResourceList& list, std::string_view resource) {
    auto at = std::lower_bound(list.begin(), list.end(), resource,
                               [](const auto& entry, std::string_view key) { return entry.first < key; });
    if (at == list.end() || at->first != resource) {
        if (list.size() == kMostResources) return nullptr;
        at = list.emplace(at, resource, 0);
    }
    return &at->second;
}

}  // namespace

void take_text(std::string& into, std::string_view text, std::size_t most_bytes) {
    into = text.size() > most_bytes ? std::string_view{} : text;
}

// Of a resource that comes twice the last counts, as in a map.
void take_amount(ResourceList& into, std::string_view resource, std::string_view quantity) {
    if (resource.empty() || resource.size() > kResourceNameBytes) return;
    if (const auto amount = amount_of(resource, quantity))
        set_amount(into, resource, *amount);
    else
        std::erase_if(into, [&](const auto& entry) { return entry.first == resource; });
}

void set_amount(ResourceList& into, std::string_view resource, std::uint64_t amount) {
    if (std::uint64_t* const place = place_of(into, resource)) *place = amount;
}

void add_amount(ResourceList& into, std::string_view resource, std::uint64_t amount) {
    if (std::uint64_t* const place = place_of(into, resource)) *place += amount;
}

void take_owner(FullPod& into, std::string_view kind, std::string_view name, bool controller) {
    if (!controller || kind.empty() || name.empty()) return;
    if (kind.size() > kObjectNameBytes || name.size() > kObjectNameBytes) return;
    into.owner_kind = kind;
    into.owner_name = name;
}

void take_container(FullPod& into, PodContainer container, ContainerKind kind,
                    std::string_view restart_policy) {
    if (container.name.empty() || into.containers.size() == kMostContainers) return;
    container.sidecar = kind == ContainerKind::init;
    if (container.sidecar && restart_policy != "Always") return;
    into.containers.push_back(std::move(container));
}

void take_restarts(FullPod& into, std::string_view container, std::int64_t restarts) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    if (container.empty() || container.size() > kContainerNameBytes || restarts <= 0 || restarts > kMost)
        return;
    if (into.restarts.size() == 2 * kMostContainers) return;
    into.restarts.emplace_back(container, static_cast<std::uint32_t>(restarts));
}

Workload workload_of(const FullPod& pod) {
    Workload workload{pod.owner_kind, pod.owner_name};
    if (pod.owner_kind != "ReplicaSet") return workload;
    const auto label = std::find_if(pod.labels.begin(), pod.labels.end(),
                                    [](const auto& entry) { return entry.first == "pod-template-hash"; });
    if (label == pod.labels.end() || label->second.empty()) return workload;
    const std::string suffix = "-" + label->second;
    if (!workload.name.ends_with(suffix) || workload.name.size() == suffix.size()) return workload;
    workload.name.resize(workload.name.size() - suffix.size());
    workload.kind = "Deployment";
    return workload;
}

}  // namespace kube
