// SPDX-License-Identifier: Apache-2.0
// The readers' side of the store.
#include "storage/store_impl.hpp"

#include <algorithm>

namespace storage {
namespace {

SampleView sample_of(const Points& points) {
    SampleView sample;
    sample.cpu = {points.last.cpu, points.last.at};
    sample.memory = {points.memory, points.memory_at};
    if (points.swap_at != 0) sample.swap = Reading{points.swap, points.swap_at};
    sample.started = points.started;
    return sample;
}

}  // namespace

NodeView Store::Impl::view(const Node& node, Monotonic now) const {
    NodeView out;
    out.name = node.name;
    out.labels = node.labels;
    if (standing(node.points, now, rules) == Standing::rated) out.usage = usage_of(node.points);
    return out;
}

void Store::Impl::introduce(const Pod& pod, PodView& out) {
    out.name_space = pod.name_space->name;
    out.name = pod.name;
    out.labels = pod.labels;
    out.timestamp = 0;
    out.window = {};
    out.containers.clear();
}

void Store::Impl::view(const Pod& pod, Monotonic now, PodView& out) const {
    introduce(pod, out);
    const bool is_served = add_served(pod, now, rules, [&out](const Container& container) {
        out.containers.push_back({container.name.text(), usage_of(container.points)});
    });
    if (!is_served) out.containers.clear();
    const Usage* earliest = nullptr;
    for (const ContainerView& container : out.containers) {
        const Usage& usage = container.usage;
        if (earliest == nullptr || usage.timestamp < earliest->timestamp) earliest = &usage;
    }
    if (earliest == nullptr) return;
    out.timestamp = earliest->timestamp;
    out.window = earliest->window;
}

void Store::Impl::count(Pod& pod, Monotonic now) {
    uncount(pod);
    bool whole = true;
    for (const Container& container : pod.containers) {
        if (!container.present) continue;
        const Standing stands = standing(container.points, now, rules);
        if (stands == Standing::rated) ++pod.rated;
        if (stands == Standing::unrated) whole = false;
    }
    pod.usable = whole && pod.rated > 0;
    if (!pod.known) return;
    if (pod.usable) ++usable_pods;
    rated_containers += pod.rated;
}

void Store::Impl::uncount(Pod& pod) {
    if (pod.known) {
        if (pod.usable) --usable_pods;
        rated_containers -= pod.rated;
    }
    pod.usable = false;
    pod.rated = 0;
}

void Store::Impl::count(Node& node, Monotonic now) {
    if (node.usable) --usable_nodes;
    node.usable = standing(node.points, now, rules) == Standing::rated;
    if (node.usable) ++usable_nodes;
}

std::optional<NodeView> Store::node(std::string_view name, Monotonic now) const {
    const Node* node = impl_->find_node(name);
    if (node == nullptr) return std::nullopt;
    return impl_->view(*node, now);
}

bool Store::pod(std::string_view name_space, std::string_view name, Monotonic now, PodView& out) const {
    const Pod* pod = impl_->pods.find({name_space, name});
    if (pod == nullptr || !pod->known) return false;
    impl_->view(*pod, now, out);
    return true;
}

void Store::walk_nodes(std::string_view after, Monotonic now,
                       const std::function<bool(const NodeView&)>& visit) const {
    for (auto at = impl_->nodes.upper_bound(after); at != impl_->nodes.end(); ++at) {
        if (!visit(impl_->view(at->second, now))) return;
    }
}

void Store::walk_pods(std::string_view name_space, PodKey after, Monotonic now,
                      const std::function<bool(const PodView&)>& visit) const {
    walk_pods(
        name_space, after, now, [](const PodView&) { return true; }, visit);
}

void Store::walk_pods(std::string_view name_space, PodKey after, Monotonic now,
                      const std::function<bool(const PodView&)>& wanted,
                      const std::function<bool(const PodView&)>& visit) const {
    PodView row;
    impl_->pods.walk(name_space, after, [&](const Pod& pod) {
        Impl::introduce(pod, row);
        if (wanted(row)) impl_->view(pod, now, row);
        return visit(row);
    });
}

void Store::walk_node_samples(std::string_view after, Monotonic now,
                              const std::function<bool(const NodeSampleView&)>& visit) const {
    for (auto at = impl_->nodes.upper_bound(after); at != impl_->nodes.end(); ++at) {
        const Node& node = at->second;
        NodeSampleView row{node.name, std::nullopt};
        if (standing(node.points, now, impl_->rules) == Standing::rated) row.sample = sample_of(node.points);
        if (!visit(row)) return;
    }
}

void Store::walk_pod_samples(PodKey after, Monotonic now,
                             const std::function<bool(const PodSamplesView&)>& visit) const {
    PodSamplesView row;
    impl_->pods.walk({}, after, [&](const Pod& pod) {
        row.name_space = pod.name_space->name;
        row.name = pod.name;
        row.node = pod.owner == nullptr ? std::string_view{} : pod.owner->name;
        row.containers.clear();
        const bool is_served = add_served(pod, now, impl_->rules, [&row](const Container& container) {
            row.containers.push_back({container.name.text(), sample_of(container.points)});
        });
        if (!is_served) row.containers.clear();
        return visit(row);
    });
}

const Labels& Store::labels(LabelSetId id) const {
    return impl_->labels.labels(id);
}

std::uint32_t Store::label_generation(LabelSetId id) const {
    return impl_->labels.generation(id);
}

bool Store::has_node_usage() const {
    return impl_->usable_nodes > 0;
}

bool Store::has_pod_usage() const {
    return impl_->usable_pods > 0;
}

std::size_t Store::node_count() const {
    return impl_->nodes.size();
}

std::size_t Store::pod_count() const {
    return impl_->pods.known_count();
}

std::size_t Store::rated_node_count() const {
    return impl_->usable_nodes;
}

std::size_t Store::repeating_node_count() const {
    return impl_->repeating_nodes;
}

std::size_t Store::container_count() const {
    return impl_->rated_containers;
}

}  // namespace storage
