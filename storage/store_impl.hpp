// SPDX-License-Identifier: Apache-2.0
// The store's parts and how they hang together. Only the store's own .cpp files use it.
#pragma once

#include "storage/disputes.hpp"
#include "storage/history/feed.hpp"
#include "storage/names/label_sets.hpp"
#include "storage/names/names.hpp"
#include "storage/names/pod_index.hpp"
#include "storage/objects.hpp"
#include "storage/restored.hpp"
#include "storage/row_groups.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/intrusive/list.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

namespace storage {

// Rules 5 and 6: adds the containers that the pod is served with. False: one has no rate, so that none is
// served.
template <class Add>
bool add_served(const Pod& pod, Monotonic now, const WindowRules& rules, const Add& add) {
    for (const Container& container : pod.containers) {
        if (!container.present) continue;
        const Standing stands = standing(container.points, now, rules);
        if (stands == Standing::unborn) continue;
        if (stands == Standing::unrated) return false;
        add(container);
    }
    return true;
}

struct Store::Impl {
    Impl(StoreOptions options, history::History* history);

    Node* find_node(std::string_view name) const;
    void forget_node(Node& node);
    void forget_pod(Pod& pod);

    CommitResult commit(Node& node, const NodePage& page, Monotonic now);
    void take_node_row(Node& node, const PageRow& row, CommitResult& result);
    // Leaves the pod of each row in row_pods.
    void group_rows(const Node& node, const NodePage& page, Monotonic now, CommitResult& result);
    // Keeps the order of the page for the next one.
    void remember_rows(Node& node);
    // Null: it is unknown, and there are too many of those.
    Pod* pod_of(const PageRow& row, Monotonic now);
    // Rule 7: whether the rows that a page of `node` has for the pod count.
    bool wins(const Node& node, const Pod& pod, Monotonic now) const;
    // Remember, for who asks why, that two nodes show the pod, and that its containers are all zero.
    void note_rival(const Pod& pod, const Node& rival);
    void note_zeros(const PageRow& row, const Node& node);
    void own(Node& node, Pod& pod);
    void disown(Pod& pod);
    void take_rows(Pod& pod, RowGroups::Rows rows, CommitResult& result);
    // Returns whether the row is complete.
    bool take_row(Container& container, const PageRow& row, CommitResult& result);
    void take_points(Points& points, const PageRow& row, CommitResult& result);
    void set_repeating(Node& node, bool is);
    // Frees the containers that have been away for too long.
    void drop_long_away(Pod& pod, Monotonic now) const;
    // Brings the node and its pods up to date with the time.
    void settle(Node& node, Monotonic now);

    // Puts what the node's pods and it are served with at the end of the last tick into history, once. Called
    // before any of that changes.
    void tell_history(Node& node);
    void tell_history(const Pod& pod, history::Link node);
    void tell_history_owner(Pod& pod) {
        if (pod.owner != nullptr) tell_history(*pod.owner);
    }

    // Gives an object that the watch shows the points it had before the restart (storage/restore.cpp): those
    // of a node, and of its pods; of a pod, if its node is there.
    void claim(Node& node);
    void claim(Pod& pod);
    // Into `recent`, in its place.
    void link_by_commit(Node& node);
    void drop_unclaimed(Monotonic now);

    // Bring the totals up to date with one object.
    void count(Pod& pod, Monotonic now);
    void uncount(Pod& pod);
    void count(Node& node, Monotonic now);

    NodeView view(const Node& node, Monotonic now) const;
    // Names and labels, then what it uses.
    static void introduce(const Pod& pod, PodView& out);
    void view(const Pod& pod, Monotonic now, PodView& out) const;

    const StoreOptions options;
    const WindowRules rules;

    // Null: no history is kept.
    history::Feed* const feed;
    // Counts ticks; when the last ended, and whether some of its figures are not told yet.
    std::uint32_t tick = 0;
    Monotonic tick_ended{};
    bool tick_is_open = false;
    // The node that sweep_tick() has come to.
    std::string swept;
    // Reused from node to node.
    std::vector<history::Link> links;
    std::vector<history::ContainerFigures> figures;

    // Names before pods: they outlive them.
    Names names;
    LabelSets labels;

    std::map<std::string, Node, std::less<>> nodes;
    boost::unordered_flat_map<std::string_view, Node*> node_by_name;
    // Owns the pods of removed nodes.
    Node lost;
    bool lost_is_settled = true;
    PodIndex pods;
    // Pods that the watch has not shown, and the last page that named them.
    boost::unordered_flat_map<Pod*, Monotonic> unknown;
    // For pods that two nodes show: the node that does not own it, and its last page. At most kRivals.
    struct SeenOn {
        std::string node;
        Monotonic seen_at{};
    };
    using SeenPods = boost::unordered_flat_map<const Pod*, SeenOn>;
    SeenPods rivals;
    // Likewise of known pods without a container that was ever measured there.
    SeenPods zeros;
    Disputes disputes;
    // Nodes by their last commit, oldest first. Those whose silence expire() has seen are not in it.
    boost::intrusive::list<Node, boost::intrusive::constant_time_size<false>> recent;

    // Points from before the restart, and when they came.
    Restored restored;
    Monotonic restored_at{};

    // Numbers of the present watch lists, and of the last commit.
    std::uint32_t node_list = 0;
    std::uint32_t pod_list = 0;
    std::uint64_t commits = 0;
    // About the page that is being committed.
    PageMoment moment;
    bool moved = false;
    // Reused from commit to commit.
    RowGroups groups;
    std::vector<Pod*> row_pods;

    std::size_t usable_nodes = 0;
    std::size_t repeating_nodes = 0;
    // Counts of known pods and their containers.
    std::size_t usable_pods = 0;
    std::size_t rated_containers = 0;
};

}  // namespace storage
