// SPDX-License-Identifier: Apache-2.0
#include "storage/stats/stats_catalog.hpp"

#include <algorithm>

namespace storage::stats {
namespace {

template <class Entries>
auto* entry_named(Entries& entries, std::string_view name) {
    const auto at = std::find_if(entries.begin(), entries.end(), [&](const auto& each) {
        if constexpr (requires { each.name.text(); })
            return each.name.text() == name;
        else
            return each.name == name;
    });
    return at == entries.end() ? nullptr : &*at;
}

// There are few of each, and no place is kept for more.
template <class Entries>
auto& one_more(Entries& entries) {
    entries.reserve(entries.size() + 1);
    return entries.emplace_back();
}

}  // namespace

PodEntry* Catalog::find_pod(std::string_view name_space, std::string_view name) {
    const auto at = pods_.find(PodView{name_space, name});
    return at == pods_.end() ? nullptr : &at->second;
}

NodeEntry* Catalog::find_node(std::string_view name) {
    const auto at = nodes_.find(name);
    return at == nodes_.end() ? nullptr : &at->second;
}

ContainerEntry* Catalog::find(PodEntry& pod, std::string_view container) {
    return entry_named(pod.containers, container);
}

VolumeEntry* Catalog::find_volume(PodEntry& pod, std::string_view volume) {
    return entry_named(pod.volumes, volume);
}

SystemEntry* Catalog::find(NodeEntry& node, std::string_view container) {
    return entry_named(node.system_containers, container);
}

PodEntry& Catalog::add_pod(std::string_view name_space, std::string_view name) {
    count(sizeof(PodEntry) + kEntryBytes + name_space.size() + name.size());
    return pods_.try_emplace(PodName{name_space, name}).first->second;
}

NodeEntry& Catalog::add_node(std::string_view name) {
    count(sizeof(NodeEntry) + kEntryBytes + name.size());
    return nodes_.try_emplace(std::string{name}).first->second;
}

ContainerEntry& Catalog::add_container(PodEntry& pod, std::string_view name) {
    count(sizeof(ContainerEntry));
    ContainerEntry& entry = one_more(pod.containers);
    entry.name = names_.hold(name);
    return entry;
}

VolumeEntry& Catalog::add_volume(PodEntry& pod, std::string_view name) {
    count(sizeof(VolumeEntry) + name.size());
    VolumeEntry& entry = one_more(pod.volumes);
    entry.name = name;
    return entry;
}

SystemEntry& Catalog::add_system(NodeEntry& node, std::string_view name) {
    count(sizeof(SystemEntry) + name.size());
    SystemEntry& entry = one_more(node.system_containers);
    entry.name = name;
    return entry;
}

void Catalog::set_node(PodEntry& pod, std::string_view node) {
    pod.node = names_.hold(node);
}

void Catalog::set_claim(VolumeEntry& volume, std::string_view claim) {
    if (volume.claim == claim) return;
    bytes_ += claim.size();
    bytes_ -= volume.claim.size();
    volume.claim = claim;
}

}  // namespace storage::stats
