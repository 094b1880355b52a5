// SPDX-License-Identifier: Apache-2.0
// The things that have history: namespaces, pods and their containers, nodes, by name.
#pragma once

#include "storage/history/series.hpp"
#include "storage/history/shelf.hpp"
#include "storage/names/names.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace storage::history {

// The usage of a tick's pods together.
struct Sum {
    Figures figures;
    bool any = false;

    void add(const Figures& more);
};

// What each tick touches comes first, and lies in two cache lines.
struct alignas(64) ContainerEntry {
    Names::Name name;
    // The next container of the same pod.
    std::uint32_t next = kNowhere;
    Series series;
};
static_assert(offsetof(ContainerEntry, series) + offsetof(Series, longer) <= 128);
static_assert(sizeof(ContainerEntry) == 192, "a cluster has hundreds of thousands of them");

struct PodEntry {
    std::unique_ptr<char[]> text;
    std::uint32_t name_space = kNowhere;
    // The node of the last figures.
    std::uint32_t node = kNowhere;
    // Containers by name.
    std::uint32_t first = kNowhere;
    std::uint16_t size = 0;
    bool linked = false;

    bool there() const { return text != nullptr; }
    std::string_view name() const { return {text.get(), size}; }
};

struct NodeEntry {
    std::string_view name;
    Series series;
    // How many pods refer to it.
    std::uint32_t pods = 0;
    bool linked = false;

    bool there() const { return !name.empty(); }
};

struct NamespaceEntry {
    std::string_view name;
    Series series;
    // By name.
    std::vector<std::uint32_t> pods;
    Sum sum;

    bool there() const { return !name.empty(); }
};

class Catalog {
    // Outlives the containers that hold its names.
    Names names_;

  public:
    using Places = std::map<std::string, std::uint32_t, std::less<>>;

    Shelf<ContainerEntry> containers;
    Shelf<PodEntry> pods;
    Shelf<NodeEntry> nodes;
    Shelf<NamespaceEntry> namespaces;

    // kNowhere: it is not there.
    std::uint32_t find_node(std::string_view name) const;
    std::uint32_t find_namespace(std::string_view name) const;
    std::uint32_t find_pod(std::string_view name_space, std::string_view name) const;
    std::uint32_t find_container(std::uint32_t pod, std::string_view name) const;

    std::uint32_t add_node(std::string_view name);
    // The one of that name, made if need be.
    std::uint32_t hold_namespace(std::string_view name);
    std::uint32_t add_pod(std::string_view name_space, std::string_view name);
    // Behind `before` in the pod's order; kNowhere: first.
    std::uint32_t add_container(PodEntry& pod, std::uint32_t before, std::string_view name);

    void set_node(PodEntry& pod, std::uint32_t node);
    // REQUIRES: their series are cleared; the pod has no containers, no pod refers to the node.
    void remove_container(PodEntry& pod, std::uint32_t before, std::uint32_t container);
    void remove_pod(std::uint32_t pod);
    void remove_node(std::uint32_t node);
    void remove_namespace(std::uint32_t name_space);

    const Places& nodes_by_name() const { return nodes_by_name_; }
    const Places& namespaces_by_name() const { return namespaces_by_name_; }
    // The first pod of a namespace whose name is greater, as an index into NamespaceEntry::pods.
    std::size_t first_after(const NamespaceEntry& name_space, std::string_view name) const;

    // Whether a pod with a container takes no more memory, but for its name.
    bool has_spare() const { return pods.has_spare() && containers.has_spare(); }
    // Things that have a series: containers, nodes, namespaces.
    std::size_t series() const { return containers.count() + nodes.count() + namespaces.count(); }
    // About what all of it takes, series included.
    std::size_t bytes() const;

  private:
    std::size_t place_of(const NamespaceEntry& name_space, std::string_view name) const;

    Places nodes_by_name_;
    Places namespaces_by_name_;
    // Of names and lists.
    std::size_t text_bytes_ = 0;
};

}  // namespace storage::history
