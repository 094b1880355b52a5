// SPDX-License-Identifier: Apache-2.0
#include "storage/watched/pod_shapes.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

#include <boost/container_hash/hash.hpp>

namespace storage {
namespace {

void add(std::size_t& seed, std::string_view text) {
    boost::hash_combine(seed, std::hash<std::string_view>{}(text));
}

void add(std::size_t& seed, ResourceList list) {
    for (const Quantity& quantity : list) {
        add(seed, quantity.resource);
        boost::hash_combine(seed, quantity.amount);
    }
}

// Of a PodObject or a PodShape.
template <class Pod>
std::size_t hash_of(const Pod& pod) {
    std::size_t seed = pod.containers.size();
    add(seed, pod.created_by_kind);
    add(seed, pod.created_by_name);
    for (const ContainerObject& container : pod.containers) {
        add(seed, container.name);
        add(seed, container.image);
        add(seed, container.requests);
        add(seed, container.limits);
    }
    add(seed, pod.requests);
    add(seed, pod.limits);
    return seed;
}

bool are_same(ResourceList a, ResourceList b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

bool is_same_container(const ContainerObject& a, const ContainerObject& b) {
    return a.name == b.name && a.image == b.image && a.sidecar == b.sidecar &&
           are_same(a.requests, b.requests) && are_same(a.limits, b.limits);
}

std::size_t quantities_in(const PodObject& pod) {
    std::size_t count = pod.requests.size() + pod.limits.size();
    for (const ContainerObject& container : pod.containers)
        count += container.requests.size() + container.limits.size();
    return count;
}

Reserved reserved_by(ResourceList list) {
    return {amount_of(list, "cpu").value_or(0), amount_of(list, "memory").value_or(0),
            amount_of(list, "ephemeral-storage").value_or(0)};
}

}  // namespace

std::size_t PodShapes::Hash::operator()(const PodObject& pod) const {
    return hash_of(pod);
}

std::size_t PodShapes::Hash::operator()(const PodShape& shape) const {
    return hash_of(shape);
}

bool PodShapes::Equal::operator()(const PodObject& pod, const Owned& shape) const {
    return pod.created_by_kind == shape->created_by_kind && pod.created_by_name == shape->created_by_name &&
           pod.workload_kind == shape->workload_kind && pod.workload_name == shape->workload_name &&
           are_same(pod.requests, shape->requests) && are_same(pod.limits, shape->limits) &&
           std::equal(pod.containers.begin(), pod.containers.end(), shape->containers.begin(),
                      shape->containers.end(), is_same_container);
}

PodShape& PodShapes::hold(const PodObject& pod) {
    auto found = shapes_.find(pod);
    if (found == shapes_.end()) found = shapes_.insert(make(pod)).first;
    ++(*found)->holders;
    return **found;
}

void PodShapes::release(PodShape& shape) {
    assert(shape.holders > 0);
    if (--shape.holders > 0) return;
    shapes_.erase(shapes_.find(shape));
}

ResourceList keep(ResourceList list, std::vector<Quantity>& into, Names& names,
                  std::vector<Names::Name>& held) {
    assert(into.capacity() - into.size() >= list.size());
    const std::size_t first = into.size();
    for (const Quantity& quantity : list) {
        held.push_back(names.hold(quantity.resource));
        into.push_back({held.back().text(), quantity.amount});
    }
    return ResourceList{into}.subspan(first);
}

PodShapes::Owned PodShapes::make(const PodObject& pod) {
    auto shape = std::make_unique<PodShape>();
    const auto hold_name = [&](std::string_view text) {
        shape->names.push_back(names_.hold(text));
        return shape->names.back().text();
    };
    const auto keep_list = [&](ResourceList list) {
        return keep(list, shape->quantities, names_, shape->names);
    };
    const std::size_t quantities = quantities_in(pod);
    shape->quantities.reserve(quantities);
    shape->names.reserve(quantities + 2 * pod.containers.size() + 4);
    shape->containers.reserve(pod.containers.size());
    shape->created_by_kind = hold_name(pod.created_by_kind);
    shape->created_by_name = hold_name(pod.created_by_name);
    shape->workload_kind = hold_name(pod.workload_kind);
    shape->workload_name = hold_name(pod.workload_name);
    for (const ContainerObject& container : pod.containers)
        shape->containers.push_back({hold_name(container.name), hold_name(container.image), container.sidecar,
                                     keep_list(container.requests), keep_list(container.limits)});
    shape->requests = keep_list(pod.requests);
    shape->limits = keep_list(pod.limits);
    shape->requested = reserved_by(shape->requests);
    shape->limited = reserved_by(shape->limits);
    return shape;
}

}  // namespace storage
