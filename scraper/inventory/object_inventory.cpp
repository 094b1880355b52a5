// SPDX-License-Identifier: Apache-2.0
#include "scraper/inventory/object_inventory.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace scraper {
namespace {

using Quantities = std::vector<storage::Quantity>;

Quantities quantities_of(const kube::ResourceList& list) {
    Quantities out;
    out.reserve(list.size());
    for (const auto& [resource, amount] : list) out.push_back({resource, amount});
    return out;
}

// What a pod says for itself replaces the sum over its containers (kubernetes,
// k8s.io/component-helpers/resource: PodRequests and PodLimits). Containers that run before the others are in
// neither: they hold nothing any more.
kube::ResourceList whole_of(const kube::FullPod& pod, kube::ResourceList kube::ResourceRequirements::*which) {
    kube::ResourceList whole;
    for (const kube::PodContainer& container : pod.containers)
        for (const auto& [resource, amount] : container.resources.*which)
            kube::add_amount(whole, resource, amount);
    for (const auto& [resource, amount] : pod.resources.*which) kube::set_amount(whole, resource, amount);
    return whole;
}

// One for each container, nothing when there was none.
std::vector<std::uint32_t> restarts_of(const kube::FullPod& pod) {
    std::vector<std::uint32_t> out;
    if (pod.restarts.empty()) return out;
    for (const kube::PodContainer& container : pod.containers) {
        const auto found = std::find_if(pod.restarts.begin(), pod.restarts.end(),
                                        [&](const auto& entry) { return entry.first == container.name; });
        out.push_back(found == pod.restarts.end() ? 0 : found->second);
    }
    if (std::count(out.begin(), out.end(), 0U) == static_cast<std::ptrdiff_t>(out.size())) out.clear();
    return out;
}

void put_object(storage::WatchedObjects& objects, const kube::FullPod& pod) {
    // The lists that the views are of.
    std::vector<Quantities> lists;
    lists.reserve(2 * pod.containers.size());
    const auto list_of = [&](const kube::ResourceList& list) -> const Quantities& {
        return lists.emplace_back(quantities_of(list));
    };
    std::vector<storage::ContainerObject> containers;
    containers.reserve(pod.containers.size());
    for (const kube::PodContainer& container : pod.containers)
        containers.push_back({container.name, container.image, container.sidecar,
                              list_of(container.resources.requests), list_of(container.resources.limits)});
    const kube::ResourceList requests = whole_of(pod, &kube::ResourceRequirements::requests);
    const kube::ResourceList limits = whole_of(pod, &kube::ResourceRequirements::limits);
    const Quantities all_requests = quantities_of(requests);
    const Quantities all_limits = quantities_of(limits);
    const std::vector<std::uint32_t> restarts = restarts_of(pod);
    const kube::Workload workload = kube::workload_of(pod);

    storage::PodObject object;
    object.name_space = pod.name_space;
    object.name = pod.name;
    object.uid = pod.uid.size() > kube::kUidBytes ? std::string_view{} : pod.uid;
    object.node = pod.node;
    object.host_ip = pod.host_ip;
    object.pod_ip = pod.pod_ip;
    object.created_by_kind = pod.owner_kind;
    object.created_by_name = pod.owner_name;
    object.workload_kind = workload.kind;
    object.workload_name = workload.name;
    object.containers = containers;
    object.restarts = restarts;
    object.requests = all_requests;
    object.limits = all_limits;
    objects.put_pod(object);
}

bool has_bounded_names(const kube::FullPod& pod) {
    return pod.name.size() <= kube::kObjectNameBytes && pod.name_space.size() <= kube::kObjectNameBytes;
}

}  // namespace

void NodeObjects::begin_list() {
    objects_.begin_nodes();
    next_.begin_list();
}

void NodeObjects::end_list() {
    objects_.end_nodes();
    next_.end_list();
}

void NodeObjects::put(const kube::FullNode& node) {
    if (node.name.size() <= kube::kObjectNameBytes) {
        const Quantities capacity = quantities_of(node.capacity);
        const Quantities allocatable = quantities_of(node.allocatable);
        objects_.put_node({node.name, capacity, allocatable});
    }
    next_.put(node);
}

void NodeObjects::removed(const kube::FullNode& node) {
    objects_.remove_node(node.name);
    next_.removed(node);
}

void PodObjects::begin_list() {
    objects_.begin_pods();
    next_.begin_list();
}

void PodObjects::end_list() {
    objects_.end_pods();
    next_.end_list();
}

void PodObjects::put(const kube::FullPod& pod) {
    if (pod.has_ended() || !has_bounded_names(pod))
        objects_.remove_pod(pod.name_space, pod.name);
    else
        put_object(objects_, pod);
    next_.put(pod);
}

void PodObjects::removed(const kube::FullPod& pod) {
    objects_.remove_pod(pod.name_space, pod.name);
    next_.removed(pod);
}

}  // namespace scraper
