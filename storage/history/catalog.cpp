// SPDX-License-Identifier: Apache-2.0
#include "storage/history/catalog.hpp"

#include <algorithm>
#include <cassert>

namespace storage::history {
namespace {

// What an entry of a map, or a small block of its own, takes beside its text.
constexpr std::size_t kMapEntryBytes = 96;
constexpr std::size_t kSmallBlockBytes = 16;

std::uint32_t find_in(const Catalog::Places& places, std::string_view name) {
    const auto at = places.find(name);
    return at == places.end() ? kNowhere : at->second;
}

}  // namespace

void Sum::add(const Figures& more) {
    any = true;
    figures.cpu += more.cpu;
    figures.memory += more.memory;
    if (more.swap) figures.swap = figures.swap.value_or(0) + *more.swap;
}

std::uint32_t Catalog::find_node(std::string_view name) const {
    return find_in(nodes_by_name_, name);
}

std::uint32_t Catalog::find_namespace(std::string_view name) const {
    return find_in(namespaces_by_name_, name);
}

std::size_t Catalog::place_of(const NamespaceEntry& name_space, std::string_view name) const {
    const auto at = std::lower_bound(
        name_space.pods.begin(), name_space.pods.end(), name,
        [&](std::uint32_t pod, std::string_view wanted) { return pods[pod].name() < wanted; });
    return static_cast<std::size_t>(at - name_space.pods.begin());
}

std::size_t Catalog::first_after(const NamespaceEntry& name_space, std::string_view name) const {
    const std::size_t at = place_of(name_space, name);
    const bool is_it = at < name_space.pods.size() && pods[name_space.pods[at]].name() == name;
    return is_it ? at + 1 : at;
}

std::uint32_t Catalog::find_pod(std::string_view name_space, std::string_view name) const {
    const std::uint32_t place = find_namespace(name_space);
    if (place == kNowhere) return kNowhere;
    const NamespaceEntry& entry = namespaces[place];
    const std::size_t at = place_of(entry, name);
    return at < entry.pods.size() && pods[entry.pods[at]].name() == name ? entry.pods[at] : kNowhere;
}

std::uint32_t Catalog::find_container(std::uint32_t pod, std::string_view name) const {
    for (std::uint32_t at = pods[pod].first; at != kNowhere; at = containers[at].next)
        if (containers[at].name.text() == name) return at;
    return kNowhere;
}

std::uint32_t Catalog::add_node(std::string_view name) {
    const std::uint32_t at = nodes.add({});
    nodes[at].name = nodes_by_name_.emplace(name, at).first->first;
    text_bytes_ += kMapEntryBytes + name.size();
    return at;
}

std::uint32_t Catalog::hold_namespace(std::string_view name) {
    std::uint32_t place = find_namespace(name);
    if (place != kNowhere) return place;
    place = namespaces.add({});
    namespaces[place].name = namespaces_by_name_.emplace(name, place).first->first;
    text_bytes_ += kMapEntryBytes + name.size();
    return place;
}

std::uint32_t Catalog::add_pod(std::string_view name_space, std::string_view name) {
    const std::uint32_t place = hold_namespace(name_space);
    const std::uint32_t at = pods.add({});
    PodEntry& pod = pods[at];
    pod.size = static_cast<std::uint16_t>(name.size());
    pod.text = std::make_unique_for_overwrite<char[]>(std::max<std::size_t>(name.size(), 1));
    std::copy(name.begin(), name.end(), pod.text.get());
    pod.name_space = place;
    text_bytes_ += name.size() + kSmallBlockBytes;
    NamespaceEntry& entry = namespaces[place];
    entry.pods.insert(entry.pods.begin() + static_cast<std::ptrdiff_t>(place_of(entry, name)), at);
    return at;
}

std::uint32_t Catalog::add_container(PodEntry& pod, std::uint32_t before, std::string_view name) {
    const std::uint32_t at = containers.add({});
    ContainerEntry& entry = containers[at];
    entry.name = names_.hold(name);
    std::uint32_t& link = before == kNowhere ? pod.first : containers[before].next;
    entry.next = link;
    link = at;
    return at;
}

void Catalog::set_node(PodEntry& pod, std::uint32_t node) {
    if (pod.node == node) return;
    if (pod.node != kNowhere) --nodes[pod.node].pods;
    if (node != kNowhere) ++nodes[node].pods;
    pod.node = node;
}

void Catalog::remove_container(PodEntry& pod, std::uint32_t before, std::uint32_t container) {
    std::uint32_t& link = before == kNowhere ? pod.first : containers[before].next;
    assert(link == container);
    link = containers[container].next;
    containers.remove(container);
}

void Catalog::remove_pod(std::uint32_t at) {
    PodEntry& pod = pods[at];
    assert(pod.first == kNowhere);
    set_node(pod, kNowhere);
    NamespaceEntry& entry = namespaces[pod.name_space];
    entry.pods.erase(entry.pods.begin() + static_cast<std::ptrdiff_t>(place_of(entry, pod.name())));
    text_bytes_ -= pod.size + kSmallBlockBytes;
    pods.remove(at);
}

void Catalog::remove_node(std::uint32_t at) {
    assert(nodes[at].pods == 0);
    const auto place = nodes_by_name_.find(nodes[at].name);
    text_bytes_ -= kMapEntryBytes + place->first.size();
    nodes.remove(at);
    nodes_by_name_.erase(place);
}

void Catalog::remove_namespace(std::uint32_t at) {
    assert(namespaces[at].pods.empty());
    const auto place = namespaces_by_name_.find(namespaces[at].name);
    text_bytes_ -= kMapEntryBytes + place->first.size();
    namespaces.remove(at);
    namespaces_by_name_.erase(place);
}

std::size_t Catalog::bytes() const {
    return containers.bytes() + pods.bytes() + nodes.bytes() + namespaces.bytes() + text_bytes_ +
           2 * pods.count() * sizeof(std::uint32_t);
}

}  // namespace storage::history
