// SPDX-License-Identifier: Apache-2.0
#include "series/expansion.hpp"

#include <algorithm>

namespace series {
namespace {

using query::Label;
using storage::ContainerObject;
using storage::PodObject;
using storage::Quantity;
using storage::ResourceList;

// As kube-state-metrics writes them (internal/store: SanitizeLabelName, and the units of its families).
std::string_view label_of(std::string_view resource, std::string& scratch) {
    if (std::all_of(resource.begin(), resource.end(), query::is_name_char)) return resource;
    scratch = resource;
    for (char& c : scratch)
        if (!query::is_name_char(c)) c = '_';
    return scratch;
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

template <class... Labels>
ItemView view_of(double value, const Labels&... labels) {
    return {{labels...}, sizeof...(labels), value};
}

void visit_resources(ResourceList list, std::string_view uid, const VisitItem& visit) {
    std::string scratch;
    for (const Quantity& quantity : list)
        visit(view_of(value_of(quantity), Label{"resource", label_of(quantity.resource, scratch)},
                      Label{"uid", uid}, Label{"unit", unit_of(quantity.resource)}));
}

void visit_container(Shape shape, const PodObject& pod, const Thing& thing, const VisitItem& visit) {
    const auto is_it = [&](const ContainerObject& each) { return each.name == thing.container; };
    const auto at = std::find_if(pod.containers.begin(), pod.containers.end(), is_it);
    if (at == pod.containers.end()) return;
    if (shape == Shape::container_requests) return visit_resources(at->requests, pod.uid, visit);
    if (shape == Shape::container_limits) return visit_resources(at->limits, pod.uid, visit);
    const auto place = static_cast<std::size_t>(at - pod.containers.begin());
    visit(view_of(static_cast<double>(pod.restarts_of(place)), Label{"uid", pod.uid}));
}

void visit_pod(const PodObject& pod, const VisitItem& visit) {
    visit(view_of(1, Label{"created_by_kind", pod.created_by_kind},
                  Label{"created_by_name", pod.created_by_name}, Label{"host_ip", pod.host_ip},
                  Label{"pod_ip", pod.pod_ip}, Label{"uid", pod.uid}));
}

void visit_node(Shape shape, const Known& known, const VisitItem& visit) {
    if (shape == Shape::node_capacity) return visit_resources(known.node->capacity, {}, visit);
    if (shape == Shape::node_allocatable) return visit_resources(known.node->allocatable, {}, visit);
    if (shape == Shape::node_pods) return visit(view_of(static_cast<double>(known.pods_of_node)));
    const auto memory = storage::amount_of(known.node->capacity, "memory");
    if (memory) visit(view_of(static_cast<double>(*memory)));
}

// As kubelets name them: by claim, without the pod.
void look_up_volumes(const Thing& thing, const Extras& extras, Known& out) {
    storage::stats::KnownPod pod;
    if (extras.stats == nullptr || !extras.stats->pod(thing.name_space, thing.pod, pod)) return;
    for (const storage::stats::KnownVolume& volume : pod.volumes)
        if (!volume.claim.empty()) out.volumes.push_back(volume);
}

}  // namespace

void look_up(const Thing& thing, Kind kind, const Extras& extras, Look look, Known& out) {
    out.pod.reset();
    out.node.reset();
    out.volumes.clear();
    if (look != Look::at_objects && kind == Kind::pod) look_up_volumes(thing, extras, out);
    if (look == Look::at_volumes || extras.objects == nullptr) return;
    if (kind == Kind::node) {
        out.node = extras.objects->node(thing.node);
        out.pods_of_node = extras.objects->sums_of_node(thing.node).pods;
    } else {
        out.pod = extras.objects->pod(thing.name_space, thing.pod);
    }
}

void visit_items(const Family& family, const Thing& thing, const Known& known, const VisitItem& visit) {
    if (family.shape == Shape::volumes) {
        for (const storage::stats::KnownVolume& volume : known.volumes) {
            ItemView item = view_of(0, Label{"persistentvolumeclaim", volume.claim});
            item.volume = volume.name;
            visit(item);
        }
    } else if (family.origin != Origin::objects) {
        if (family.kind != Kind::container) return visit({});
        const auto containers = known.pod ? known.pod->containers : std::span<const ContainerObject>{};
        visit(view_of(0, Label{"image", storage::image_of(containers, thing.container)}));
    } else if (family.kind == Kind::node) {
        if (known.node) visit_node(family.shape, known, visit);
    } else if (known.pod) {
        if (family.kind == Kind::container) return visit_container(family.shape, *known.pod, thing, visit);
        visit_pod(*known.pod, visit);
    }
}

void expand(const Family& family, const Thing& thing, std::size_t index, const Extras& extras,
            std::vector<Item>& out) {
    Known known;
    const bool told_by_watches = family.origin == Origin::objects || family.kind == Kind::container;
    if (family.shape == Shape::volumes)
        look_up(thing, family.kind, extras, Look::at_volumes, known);
    else if (told_by_watches)
        look_up(thing, family.kind, extras, Look::at_objects, known);
    const auto keep = [&](const ItemView& view) {
        Item& item = out.emplace_back();
        item.thing = index;
        item.value = view.value;
        item.volume = view.volume;
        for (const Label& label : view.own()) item.labels.emplace_back(label.name, label.value);
    };
    visit_items(family, thing, known, std::ref(keep));
}

void append_labels(const Family& family, const Thing& thing, std::span<const Label> own, query::Labels& out) {
    auto next = own.begin();
    // Both lists are by name.
    const auto append = [&](std::string_view name, std::string_view value) {
        for (; next != own.end() && next->name < name; ++next) out.append(next->name, next->value);
        out.append(name, value);
    };
    append(query::kMetricName, family.name);
    append("container", thing.container);
    append("instance", thing.node);
    append("job", kJob);
    append("namespace", thing.name_space);
    append("node", thing.node);
    if (family.shape != Shape::volumes) append("pod", thing.pod);
    for (; next != own.end(); ++next) out.append(next->name, next->value);
}

void append_labels(const Family& family, const Thing& thing, const Item& item, query::Labels& out) {
    ItemView view;
    for (const auto& [name, value] : item.labels) view.labels.at(view.count++) = {name, value};
    append_labels(family, thing, view.own(), out);
}

}  // namespace series
