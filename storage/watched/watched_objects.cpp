// SPDX-License-Identifier: Apache-2.0
#include "storage/watched/watched_objects.hpp"

#include "storage/names/names.hpp"
#include "storage/watched/pod_shapes.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace storage {
namespace {

// Modulo 2^64: what is added can be taken off again, whatever came between.
void add_times(Reserved& to, const Reserved& what, std::uint64_t times) {
    to.cpu += what.cpu * times;
    to.memory += what.memory * times;
    to.ephemeral_storage += what.ephemeral_storage * times;
}

enum class Count : std::uint64_t { in = 1, out = ~std::uint64_t{0} };

void count(ResourceSums& sums, const PodShape& shape, Count way) {
    sums.pods += static_cast<std::size_t>(way);
    add_times(sums.requests, shape.requested, static_cast<std::uint64_t>(way));
    add_times(sums.limits, shape.limited, static_cast<std::uint64_t>(way));
}

struct WatchedNode {
    std::string_view name;
    // The watch of nodes shows it: pods may come before their node, and stay behind it.
    bool known = false;
    std::uint32_t list = 0;
    ResourceSums sums;
    std::vector<Quantity> quantities;
    std::vector<Names::Name> names;
    // The first of the quantities; the rest is allocatable.
    std::size_t capacities = 0;

    NodeObject view() const {
        const ResourceList all{quantities};
        return {name, all.first(capacities), all.subspan(capacities)};
    }
};

struct WatchedPod {
    PodShape* shape = nullptr;
    WatchedNode* node = nullptr;
    Names::Name host_ip;
    // Name, UID and IP, one behind the other: a cluster has a hundred thousand.
    std::string texts;
    std::uint16_t name_bytes = 0;
    std::uint16_t uid_bytes = 0;
    std::uint32_t list = 0;
    std::vector<std::uint32_t> restarts;

    std::string_view name() const { return std::string_view{texts}.substr(0, name_bytes); }
    std::string_view uid() const { return std::string_view{texts}.substr(name_bytes, uid_bytes); }

    PodObject view(std::string_view name_space) const {
        const std::string_view all{texts};
        PodObject out;
        out.name_space = name_space;
        out.name = name();
        out.uid = uid();
        out.pod_ip = all.substr(std::size_t{name_bytes} + uid_bytes);
        out.host_ip = host_ip.text();
        if (node != nullptr) out.node = node->name;
        out.created_by_kind = shape->created_by_kind;
        out.created_by_name = shape->created_by_name;
        out.workload_kind = shape->workload_kind;
        out.workload_name = shape->workload_name;
        out.containers = shape->containers;
        out.restarts = restarts;
        out.requests = shape->requests;
        out.limits = shape->limits;
        return out;
    }
};

struct WatchedNamespace {
    // By name.
    std::vector<std::unique_ptr<WatchedPod>> pods;
    ResourceSums sums;
};

struct EndedPod {
    Names::Name name_space;
    Names::Name node;
    std::unique_ptr<WatchedPod> pod;

    PodObject view() const {
        PodObject out = pod->view(name_space.text());
        out.node = node.text();
        return out;
    }
};

template <class Pods>
auto first_not_before(Pods& pods, std::string_view name) {
    return std::lower_bound(pods.begin(), pods.end(), name,
                            [](const auto& pod, std::string_view key) { return pod->name() < key; });
}

}  // namespace

struct WatchedObjects::Impl {
    WatchedPod& find_or_add(WatchedNamespace& in, std::string_view name);
    WatchedNode& find_or_add_node(std::string_view name);
    // Takes what the pod counts for.
    void count_out(WatchedNamespace& in, WatchedPod& pod);
    // Counts it out, and keeps it for a while.
    void end(std::string_view name_space, WatchedNamespace& in, std::unique_ptr<WatchedPod> pod);
    void forget_oldest();
    void drop_if_unused(WatchedNode* node);
    std::uint64_t ends() const { return forgotten + ended.size(); }

    // Names before what holds them.
    Names names;
    PodShapes shapes{names};
    std::map<std::string, WatchedNode, std::less<>> nodes;
    std::map<std::string, WatchedNamespace, std::less<>> namespaces;
    ResourceSums sums;
    std::size_t known_nodes = 0;
    std::uint32_t node_list = 0;
    std::uint32_t pod_list = 0;
    std::size_t most_ended = 0;
    // The newest last; its number is how many had ended before it.
    std::deque<EndedPod> ended;
    std::uint64_t forgotten = 0;
    // Numbers by (namespace, name); views into `ended`.
    std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> ended_by_name;
};

std::optional<std::uint64_t> amount_of(ResourceList list, std::string_view resource) {
    for (const Quantity& quantity : list)
        if (quantity.resource == resource) return quantity.amount;
    return std::nullopt;
}

std::string_view image_of(std::span<const ContainerObject> containers, std::string_view name) {
    for (const ContainerObject& each : containers)
        if (each.name == name && !each.image.empty()) return each.image;
    return "-";
}

WatchedObjects::WatchedObjects(std::size_t ended_pods) : impl_{std::make_unique<Impl>()} {
    impl_->most_ended = ended_pods;
}
WatchedObjects::~WatchedObjects() = default;

WatchedNode& WatchedObjects::Impl::find_or_add_node(std::string_view name) {
    auto found = nodes.find(name);
    if (found == nodes.end()) {
        found = nodes.try_emplace(std::string{name}).first;
        found->second.name = found->first;
    }
    return found->second;
}

void WatchedObjects::Impl::drop_if_unused(WatchedNode* node) {
    if (node != nullptr && !node->known && node->sums.pods == 0) nodes.erase(nodes.find(node->name));
}

void WatchedObjects::put_node(const NodeObject& object) {
    if (object.name.empty()) return;
    WatchedNode& node = impl_->find_or_add_node(object.name);
    if (!std::exchange(node.known, true)) ++impl_->known_nodes;
    node.list = impl_->node_list;
    std::vector<Quantity> quantities;
    std::vector<Names::Name> names;
    quantities.reserve(object.capacity.size() + object.allocatable.size());
    names.reserve(quantities.capacity());
    keep(object.capacity, quantities, impl_->names, names);
    keep(object.allocatable, quantities, impl_->names, names);
    node.quantities = std::move(quantities);
    node.names = std::move(names);
    node.capacities = object.capacity.size();
}

void WatchedObjects::remove_node(std::string_view name) {
    const auto found = impl_->nodes.find(name);
    if (found == impl_->nodes.end() || !found->second.known) return;
    WatchedNode& node = found->second;
    node.known = false;
    --impl_->known_nodes;
    node.quantities.clear();
    node.names.clear();
    node.capacities = 0;
    impl_->drop_if_unused(&node);
}

void WatchedObjects::begin_nodes() {
    ++impl_->node_list;
}

void WatchedObjects::end_nodes() {
    std::vector<std::string> unlisted;
    for (const auto& [name, node] : impl_->nodes)
        if (node.known && node.list != impl_->node_list) unlisted.push_back(name);
    for (const std::string& name : unlisted) remove_node(name);
}

WatchedPod& WatchedObjects::Impl::find_or_add(WatchedNamespace& in, std::string_view name) {
    // Lists come in order.
    auto at =
        in.pods.empty() || in.pods.back()->name() < name ? in.pods.end() : first_not_before(in.pods, name);
    if (at == in.pods.end() || (*at)->name() != name) at = in.pods.insert(at, std::make_unique<WatchedPod>());
    return **at;
}

void WatchedObjects::Impl::count_out(WatchedNamespace& in, WatchedPod& pod) {
    count(sums, *pod.shape, Count::out);
    count(in.sums, *pod.shape, Count::out);
    if (pod.node != nullptr) count(pod.node->sums, *pod.shape, Count::out);
    drop_if_unused(std::exchange(pod.node, nullptr));
}

void WatchedObjects::Impl::end(std::string_view name_space, WatchedNamespace& in,
                               std::unique_ptr<WatchedPod> pod) {
    EndedPod& kept = ended.emplace_back();
    kept.name_space = names.hold(name_space);
    kept.node = names.hold(pod->node == nullptr ? std::string_view{} : std::string_view{pod->node->name});
    count_out(in, *pod);
    kept.pod = std::move(pod);
    const std::pair key{kept.name_space.text(), kept.pod->name()};
    // The key of one that ended before looks into that one.
    ended_by_name.erase(key);
    ended_by_name.emplace(key, ends() - 1);
    if (ended.size() > most_ended) forget_oldest();
}

void WatchedObjects::Impl::forget_oldest() {
    const EndedPod& oldest = ended.front();
    const auto found = ended_by_name.find({oldest.name_space.text(), oldest.pod->name()});
    if (found != ended_by_name.end() && found->second == forgotten) ended_by_name.erase(found);
    shapes.release(*oldest.pod->shape);
    ended.pop_front();
    ++forgotten;
}

void WatchedObjects::put_pod(const PodObject& object) {
    if (object.name_space.empty() || object.name.empty()) return;
    auto place = impl_->namespaces.find(object.name_space);
    if (place == impl_->namespaces.end())
        place = impl_->namespaces.try_emplace(std::string{object.name_space}).first;
    WatchedNamespace& in = place->second;
    WatchedPod& pod = impl_->find_or_add(in, object.name);
    // First, so that what stays the same is not made anew.
    PodShape& shape = impl_->shapes.hold(object);
    WatchedNode* const node = object.node.empty() ? nullptr : &impl_->find_or_add_node(object.node);
    count(impl_->sums, shape, Count::in);
    count(in.sums, shape, Count::in);
    if (node != nullptr) count(node->sums, shape, Count::in);
    if (pod.shape != nullptr) {
        const bool is_another = !pod.uid().empty() && !object.uid.empty() && pod.uid() != object.uid;
        if (is_another) {
            impl_->end(place->first, in, std::make_unique<WatchedPod>(std::exchange(pod, {})));
        } else {
            impl_->count_out(in, pod);
            impl_->shapes.release(*pod.shape);
        }
    }
    pod.shape = &shape;
    pod.node = node;
    pod.host_ip = impl_->names.hold(object.host_ip);
    std::string texts;
    texts.reserve(object.name.size() + object.uid.size() + object.pod_ip.size());
    texts.append(object.name).append(object.uid).append(object.pod_ip);
    pod.name_bytes = static_cast<std::uint16_t>(object.name.size());
    pod.uid_bytes = static_cast<std::uint16_t>(object.uid.size());
    pod.texts = std::move(texts);
    pod.restarts.assign(object.restarts.begin(), object.restarts.end());
    pod.list = impl_->pod_list;
}

void WatchedObjects::remove_pod(std::string_view name_space, std::string_view name) {
    const auto place = impl_->namespaces.find(name_space);
    if (place == impl_->namespaces.end()) return;
    WatchedNamespace& in = place->second;
    const auto at = first_not_before(in.pods, name);
    if (at == in.pods.end() || (*at)->name() != name) return;
    std::unique_ptr<WatchedPod> pod = std::move(*at);
    in.pods.erase(at);
    impl_->end(place->first, in, std::move(pod));
    if (in.pods.empty()) impl_->namespaces.erase(place);
}

void WatchedObjects::begin_pods() {
    ++impl_->pod_list;
}

void WatchedObjects::end_pods() {
    for (auto& [name, in] : impl_->namespaces) {
        auto listed = in.pods.begin();
        for (std::unique_ptr<WatchedPod>& pod : in.pods) {
            if (pod->list == impl_->pod_list)
                *listed++ = std::move(pod);
            else
                impl_->end(name, in, std::move(pod));
        }
        in.pods.erase(listed, in.pods.end());
    }
    std::erase_if(impl_->namespaces, [](const auto& entry) { return entry.second.pods.empty(); });
}

std::optional<NodeObject> WatchedObjects::node(std::string_view name) const {
    const auto found = impl_->nodes.find(name);
    if (found == impl_->nodes.end() || !found->second.known) return std::nullopt;
    return found->second.view();
}

std::optional<PodObject> WatchedObjects::pod(std::string_view name_space, std::string_view name) const {
    const auto place = impl_->namespaces.find(name_space);
    if (place == impl_->namespaces.end()) return std::nullopt;
    const auto& pods = place->second.pods;
    const auto at = first_not_before(pods, name);
    if (at == pods.end() || (*at)->name() != name) return std::nullopt;
    return (*at)->view(place->first);
}

std::optional<PodObject> WatchedObjects::ended_pod(std::string_view name_space, std::string_view name,
                                                   std::uint64_t since) const {
    const auto found = impl_->ended_by_name.find({name_space, name});
    if (found == impl_->ended_by_name.end() || found->second < since) return std::nullopt;
    return impl_->ended[static_cast<std::size_t>(found->second - impl_->forgotten)].view();
}

std::uint64_t WatchedObjects::ended_pods() const {
    return impl_->ends();
}

void WatchedObjects::walk_nodes(std::string_view after,
                                const std::function<bool(const NodeObject&)>& visit) const {
    for (auto at = impl_->nodes.upper_bound(after); at != impl_->nodes.end(); ++at)
        if (at->second.known && !visit(at->second.view())) return;
}

void WatchedObjects::walk_pods(std::string_view name_space, PodKey after,
                               const std::function<bool(const PodObject&)>& visit) const {
    const bool all = name_space.empty();
    auto at = impl_->namespaces.lower_bound(all ? after.name_space : std::max(name_space, after.name_space));
    for (; at != impl_->namespaces.end() && (all || at->first == name_space); ++at) {
        const auto& pods = at->second.pods;
        auto pod = pods.begin();
        if (at->first == after.name_space) {
            pod = first_not_before(pods, after.name);
            if (pod != pods.end() && (*pod)->name() == after.name) ++pod;
        }
        for (; pod != pods.end(); ++pod)
            if (!visit((*pod)->view(at->first))) return;
    }
}

ResourceSums WatchedObjects::sums() const {
    return impl_->sums;
}

ResourceSums WatchedObjects::sums_of_namespace(std::string_view name) const {
    const auto found = impl_->namespaces.find(name);
    return found == impl_->namespaces.end() ? ResourceSums{} : found->second.sums;
}

ResourceSums WatchedObjects::sums_of_node(std::string_view name) const {
    const auto found = impl_->nodes.find(name);
    return found == impl_->nodes.end() ? ResourceSums{} : found->second.sums;
}

std::size_t WatchedObjects::node_count() const {
    return impl_->known_nodes;
}

std::size_t WatchedObjects::pod_count() const {
    return impl_->sums.pods;
}

std::size_t WatchedObjects::shape_count() const {
    return impl_->shapes.size();
}

}  // namespace storage
