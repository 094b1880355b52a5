// SPDX-License-Identifier: Apache-2.0
// The nodes and pods that have stats, by name, with their containers and volumes, and the memory they take.
#pragma once

#include "storage/names/names.hpp"
#include "storage/stats/stats_series.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace storage::stats {

struct ContainerEntry {
    Names::Name name;
    Series<5> memory;
    Series<2> disk;
};

struct VolumeEntry {
    std::string name;
    // Empty: there is none.
    std::string claim;
    Series<5> filesystem;
};

struct PodEntry {
    // The node that told of it last.
    Names::Name node;
    // When, by StatsClock.
    Seconds seen = 0;
    Series<5> network;
    Series<5> memory;
    std::vector<ContainerEntry> containers;
    std::vector<VolumeEntry> volumes;
};

struct SystemEntry {
    std::string name;
    Series<5> figures;
};

struct NodeEntry {
    Seconds seen = 0;
    Series<5> network;
    Series<5> memory;
    Series<5> filesystem;
    Series<5> image_filesystem;
    Series<5> container_filesystem;
    std::vector<SystemEntry> system_containers;
};

class Catalog {
    // Outlives those that hold its names.
    Names names_;

  public:
    using PodName = std::pair<std::string, std::string>;
    using PodView = std::pair<std::string_view, std::string_view>;
    struct ByName {
        using is_transparent = void;
        static PodView view(const PodName& name) { return {name.first, name.second}; }
        static PodView view(PodView name) { return name; }
        bool operator()(const auto& a, const auto& b) const { return view(a) < view(b); }
    };
    using Pods = std::map<PodName, PodEntry, ByName>;
    using Nodes = std::map<std::string, NodeEntry, std::less<>>;

    const Pods& pods() const { return pods_; }
    const Nodes& nodes() const { return nodes_; }

    // Null: it is not there.
    PodEntry* find_pod(std::string_view name_space, std::string_view name);
    NodeEntry* find_node(std::string_view name);
    static ContainerEntry* find(PodEntry& pod, std::string_view container);
    static VolumeEntry* find_volume(PodEntry& pod, std::string_view volume);
    static SystemEntry* find(NodeEntry& node, std::string_view container);

    // REQUIRES: it is not there.
    PodEntry& add_pod(std::string_view name_space, std::string_view name);
    NodeEntry& add_node(std::string_view name);
    ContainerEntry& add_container(PodEntry& pod, std::string_view name);
    VolumeEntry& add_volume(PodEntry& pod, std::string_view name);
    SystemEntry& add_system(NodeEntry& node, std::string_view name);

    void set_node(PodEntry& pod, std::string_view node);
    void set_claim(VolumeEntry& volume, std::string_view claim);

    // The next pods behind the name, in their order, and from the first again behind the last; `visit(pod)`
    // answers whether it stays. REQUIRES: what goes has no rows.
    template <class Visit>
    void visit_pods(PodName& after, std::size_t count, Visit&& visit);
    template <class Visit>
    void visit_nodes(std::string& after, std::size_t count, Visit&& visit);

    // Gives up containers and volumes whose series are all idle. REQUIRES: an idle one has no rows.
    template <class Idle>
    void shed(PodEntry& pod, Idle&& is_idle);
    template <class Idle>
    void shed(NodeEntry& node, Idle&& is_idle);

    // Things that have series: nodes, pods, containers, volumes.
    std::size_t things() const { return things_; }
    // About what all of it takes, but for blocks.
    std::size_t bytes() const { return bytes_; }
    // What one more of the largest takes.
    static constexpr std::size_t kLargest = sizeof(NodeEntry) + 512;

  private:
    void count(std::size_t bytes) {
        bytes_ += bytes;
        ++things_;
    }
    void uncount(std::size_t bytes) {
        bytes_ -= bytes;
        --things_;
    }

    Pods pods_;
    Nodes nodes_;
    std::size_t bytes_ = 0;
    std::size_t things_ = 0;
};

// What an entry takes beside its own size: links of a map and what lies around a block, and its names.
inline constexpr std::size_t kEntryBytes = 96;

template <class Visit>
void Catalog::visit_pods(PodName& after, std::size_t count, Visit&& visit) {
    for (std::size_t i = std::min(count, pods_.size()); i > 0; --i) {
        auto at = pods_.upper_bound(after);
        if (at == pods_.end()) at = pods_.begin();
        after = at->first;
        if (visit(at->second)) continue;
        uncount(sizeof(PodEntry) + kEntryBytes + at->first.first.size() + at->first.second.size());
        pods_.erase(at);
    }
}

template <class Visit>
void Catalog::visit_nodes(std::string& after, std::size_t count, Visit&& visit) {
    for (std::size_t i = std::min(count, nodes_.size()); i > 0; --i) {
        auto at = nodes_.upper_bound(after);
        if (at == nodes_.end()) at = nodes_.begin();
        after = at->first;
        if (visit(at->second)) continue;
        uncount(sizeof(NodeEntry) + kEntryBytes + at->first.size());
        nodes_.erase(at);
    }
}

template <class Idle>
void Catalog::shed(PodEntry& pod, Idle&& is_idle) {
    std::erase_if(pod.containers, [&](const ContainerEntry& each) {
        if (!is_idle(each.memory) || !is_idle(each.disk)) return false;
        uncount(sizeof each);
        return true;
    });
    std::erase_if(pod.volumes, [&](const VolumeEntry& each) {
        if (!is_idle(each.filesystem)) return false;
        uncount(sizeof each + each.name.size() + each.claim.size());
        return true;
    });
}

template <class Idle>
void Catalog::shed(NodeEntry& node, Idle&& is_idle) {
    std::erase_if(node.system_containers, [&](const SystemEntry& each) {
        if (!is_idle(each.figures)) return false;
        uncount(sizeof each + each.name.size());
        return true;
    });
}

}  // namespace storage::stats
