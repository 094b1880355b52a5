// SPDX-License-Identifier: Apache-2.0
#include "series/expansion.hpp"

#include "storage/watched/watched_objects.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace series {
namespace {

using storage::ContainerObject;
using storage::PodObject;
using storage::Quantity;
using storage::ResourceList;
using storage::WatchedObjects;

// As kube-state-metrics writes them (internal/store: SanitizeLabelName, and the units of its families).
std::string label_of(std::string_view resource) {
    std::string label{resource};
    for (char& c : label) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!plain) c = '_';
    }
    return label;
}

std::string_view unit_of(std::string_view resource) {
    if (resource == "cpu") return "core";
    const bool is_size = resource == "memory" || resource == "storage" || resource == "ephemeral-storage" ||
                         resource.starts_with("hugepages-") || resource.starts_with("attachable-volumes-");
    return is_size ? "byte" : "integer";
}

double value_of(const Quantity& quantity) {
    const auto amount = static_cast<double>(quantity.amount);
    return quantity.resource == "cpu" ? amount / 1000 : amount;
}

void expand_resources(ResourceList list, std::size_t index, std::string_view uid, std::vector<Item>& out) {
    for (const Quantity& quantity : list) {
        Item& item = out.emplace_back();
        item.thing = index;
        item.value = value_of(quantity);
        item.labels = {{"resource", label_of(quantity.resource)},
                       {"uid", std::string{uid}},
                       {"unit", std::string{unit_of(quantity.resource)}}};
    }
}

void expand_container(Shape shape, const PodObject& pod, const Thing& thing, std::size_t index,
                      std::vector<Item>& out) {
    const auto is_it = [&](const ContainerObject& each) { return each.name == thing.container; };
    const auto at = std::find_if(pod.containers.begin(), pod.containers.end(), is_it);
    if (at == pod.containers.end()) return;
    if (shape == Shape::container_requests) return expand_resources(at->requests, index, pod.uid, out);
    if (shape == Shape::container_limits) return expand_resources(at->limits, index, pod.uid, out);
    const auto place = static_cast<std::size_t>(at - pod.containers.begin());
    Item& item = out.emplace_back();
    item.thing = index;
    item.labels = {{"uid", std::string{pod.uid}}};
    item.value = static_cast<double>(pod.restarts_of(place));
}

void expand_node(Shape shape, const WatchedObjects& objects, const Thing& thing, std::size_t index,
                 std::vector<Item>& out) {
    const auto node = objects.node(thing.node);
    if (!node) return;
    if (shape == Shape::node_capacity) return expand_resources(node->capacity, index, {}, out);
    if (shape == Shape::node_allocatable) return expand_resources(node->allocatable, index, {}, out);
    Item& item = out.emplace_back();
    item.thing = index;
    item.value = static_cast<double>(objects.sums_of_node(thing.node).pods);
}

// As kubelets name them: by claim, without the pod.
void expand_volumes(const storage::stats::StatsHistory& stats, const Thing& thing, std::size_t index,
                    std::vector<Item>& out) {
    storage::stats::KnownPod pod;
    if (!stats.pod(thing.name_space, thing.pod, pod)) return;
    for (const storage::stats::KnownVolume& volume : pod.volumes) {
        if (volume.claim.empty()) continue;
        Item& item = out.emplace_back();
        item.thing = index;
        item.volume = volume.name;
        item.labels = {{"persistentvolumeclaim", std::string{volume.claim}}};
    }
}

std::string image(const WatchedObjects* objects, const Thing& thing) {
    const auto pod = objects == nullptr ? std::nullopt : objects->pod(thing.name_space, thing.pod);
    return std::string{
        storage::image_of(pod ? pod->containers : std::span<const ContainerObject>{}, thing.container)};
}

}  // namespace

void expand(const Family& family, const Thing& thing, std::size_t index, const Extras& extras,
            std::vector<Item>& out) {
    if (family.shape == Shape::volumes) return expand_volumes(*extras.stats, thing, index, out);
    if (family.origin != Origin::objects) {
        Item& item = out.emplace_back();
        item.thing = index;
        if (family.kind == Kind::container) item.labels = {{"image", image(extras.objects, thing)}};
        return;
    }
    if (family.kind == Kind::node) return expand_node(family.shape, *extras.objects, thing, index, out);
    const auto pod = extras.objects->pod(thing.name_space, thing.pod);
    if (!pod) return;
    if (family.kind == Kind::container) return expand_container(family.shape, *pod, thing, index, out);
    Item& item = out.emplace_back();
    item.thing = index;
    item.value = 1;
    item.labels = {{"created_by_kind", std::string{pod->created_by_kind}},
                   {"created_by_name", std::string{pod->created_by_name}},
                   {"host_ip", std::string{pod->host_ip}},
                   {"pod_ip", std::string{pod->pod_ip}},
                   {"uid", std::string{pod->uid}}};
}

void append_labels(const Family& family, const Thing& thing, const Item& item, std::string_view job,
                   query::Labels& out) {
    auto own = item.labels.begin();
    // Both lists are by name.
    const auto append = [&](std::string_view name, std::string_view value) {
        for (; own != item.labels.end() && own->first < name; ++own) out.append(own->first, own->second);
        out.append(name, value);
    };
    append(query::kMetricName, family.name);
    append("container", thing.container);
    append("instance", thing.node);
    append("job", job);
    append("namespace", thing.name_space);
    append("node", thing.node);
    if (family.shape != Shape::volumes) append("pod", thing.pod);
    for (; own != item.labels.end(); ++own) out.append(own->first, own->second);
}

}  // namespace series
