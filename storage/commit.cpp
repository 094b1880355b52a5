// SPDX-License-Identifier: Apache-2.0
// The pages' side of the store: a page's rows become points.
#include "storage/explain.hpp"
#include "storage/store_impl.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace storage {
namespace {

bool name_before(const Container& container, std::string_view name) {
    return container.name.text() < name;
}

// Fetches what a commit of the same pods will read: it was last read a resolution interval ago, and misses of
// the cache that overlap cost a fraction of those that wait for each other.
void warm(const std::vector<Pod*>& pods) {
    for (const Pod* pod : pods) {
        if (pod == nullptr) continue;
        __builtin_prefetch(pod);
        __builtin_prefetch(reinterpret_cast<const char*>(pod) + 64);
    }
    for (const Pod* pod : pods) {
        if (pod == nullptr) continue;
        __builtin_prefetch(pod->name.data());
        __builtin_prefetch(pod->containers.data());
        __builtin_prefetch(reinterpret_cast<const char*>(pod->containers.data()) + 64);
    }
}

bool is_of(const Pod* pod, const PageRow& row) {
    return pod != nullptr && pod->name == row.pod && pod->name_space->name == row.name_space;
}

// Until a row says otherwise.
void send_away(Pod& pod) {
    for (Container& container : pod.containers) container.present = false;
}

// Adds the containers that rows name and the pod lacks. Both are sorted; so is the result.
void add_missing(std::vector<Container>& containers, RowGroups::Rows rows, Names& names) {
    std::vector<Container> all;
    all.reserve(containers.size() + rows.size());
    auto old = containers.begin();
    for (const PageRow* row : rows) {
        while (old != containers.end() && old->name.text() <= row->container)
            all.push_back(std::move(*old++));
        const bool there = !all.empty() && all.back().name.text() == row->container;
        if (!there) all.push_back({names.hold(row->container), {}, false});
    }
    std::move(old, containers.end(), std::back_inserter(all));
    containers = std::move(all);
}

template <class SeenPods>
void note(SeenPods& seen, const Pod& pod, const Node& node) {
    auto at = seen.find(&pod);
    if (at == seen.end()) {
        if (seen.size() >= kRivals) return;
        at = seen.try_emplace(&pod).first;
    }
    at->second.node = node.name;
    at->second.seen_at = node.committed_at;
}

}  // namespace

CommitResult Store::commit(std::string_view name, const NodePage& page, Monotonic now) {
    Node* node = impl_->find_node(name);
    return node == nullptr ? CommitResult{} : impl_->commit(*node, page, now);
}

CommitResult Store::Impl::commit(Node& node, const NodePage& page, Monotonic now) {
    CommitResult result;
    ++commits;
    warm(node.row_pods);
    tell_history(node);
    node.committed_at = now;
    if (node.is_linked()) node.unlink();
    recent.push_back(node);
    node.clock.observe(page, now);
    moment = {now, node.clock.setting(), PageMoment::Starts::none, node.most_nanocores};
    moved = false;
    take_node_row(node, page.node, result);
    moment.starts =
        node.clock.set_since(now - rules.bound) ? PageMoment::Starts::told : PageMoment::Starts::counted;

    group_rows(node, page, now, result);
    const bool all_rows_there = page.complete || !options.bridge;
    for (std::size_t group = 0; group < groups.size(); ++group) {
        Pod& pod = groups.pod(group);
        const RowGroups::Rows rows = groups.rows(group);
        if (!wins(node, pod, now)) {
            result.foreign += static_cast<std::uint32_t>(rows.size());
            note_rival(pod, node);
            if (pod.known) disputes.add(pod, now);
            continue;
        }
        own(node, pod);
        drop_long_away(pod, now);
        if (all_rows_there) send_away(pod);
        take_rows(pod, rows, result);
    }
    if (all_rows_there) {
        for (Pod* pod : node.pods) {
            if (pod->page != commits) send_away(*pod);
        }
    }
    remember_rows(node);
    settle(node, now);
    if (moved || node.moved_at == Monotonic{}) node.moved_at = now;
    set_repeating(node, now - node.moved_at > rules.longest());
    result.node_has_usage = node.usable;
    result.repeating = node.repeating;
    return result;
}

void Store::Impl::set_repeating(Node& node, bool is) {
    if (node.repeating) --repeating_nodes;
    node.repeating = is;
    if (is) ++repeating_nodes;
}

void Store::Impl::take_node_row(Node& node, const PageRow& row, CommitResult& result) {
    node.twice = row.twice;
    take_points(node.points, row, result);
}

void Store::Impl::take_points(Points& points, const PageRow& row, CommitResult& result) {
    const bool complete = kind_of(row) == RowKind::complete;
    if (row.twice) ++result.twice;
    if (!options.bridge && (!complete || is_stale(points, moment.at, rules))) points = {};
    if (!complete) return;
    const Added added = add(points, row, moment, rules);
    moved = moved || added != Added::repeated;
    if (added == Added::clock_set) ++result.clock_set;
    if (added == Added::impossible && result.impossible++ == 0) result.first_impossible = row;
}

void Store::Impl::group_rows(const Node& node, const NodePage& page, Monotonic now, CommitResult& result) {
    groups.begin(page, commits);
    row_pods.clear();
    for (const PageRow& row : page.containers) {
        Pod* pod = nullptr;
        if (row.name_space.empty() || row.pod.empty() || row.container.empty()) {
            ++result.nameless;
        } else if (kind_of(row) != RowKind::absent) {
            const std::size_t at = row_pods.size();
            if (at < node.row_pods.size() && is_of(node.row_pods[at], row)) {
                pod = node.row_pods[at];
            } else {
                pod = pod_of(row, now);
            }
            if (pod == nullptr) ++result.over_limit;
        } else if (row.cpu && row.memory) {
            note_zeros(row, node);
        }
        row_pods.push_back(pod);
        groups.add(pod);
    }
}

void Store::Impl::remember_rows(Node& node) {
    for (Pod*& pod : row_pods) {
        if (pod != nullptr && (pod->owner != &node || !pod->known)) pod = nullptr;
    }
    if (row_pods != node.row_pods) node.row_pods = row_pods;
}

Pod* Store::Impl::pod_of(const PageRow& row, Monotonic now) {
    const PodKey key{row.name_space, row.pod};
    Pod* pod = pods.find(key);
    if (pod != nullptr && pod->known) return pod;
    if (pod == nullptr) {
        if (unknown.size() >= options.unknown_pods) return nullptr;
        pod = &pods.add(key);
    }
    unknown.insert_or_assign(pod, now);
    return pod;
}

bool Store::Impl::wins(const Node& node, const Pod& pod, Monotonic now) const {
    if (disputes.is_elsewhere(pod, node.name)) return false;
    if (pod.owner == nullptr || pod.owner == &node || pod.owner == &lost) return true;
    // Those that are away speak for it, too: a crash loop does not give it away.
    return std::all_of(pod.containers.begin(), pod.containers.end(),
                       [&](const Container& container) { return is_stale(container.points, now, rules); });
}

void Store::Impl::note_rival(const Pod& pod, const Node& rival) {
    note(rivals, pod, rival);
}

void Store::Impl::note_zeros(const PageRow& row, const Node& node) {
    const Pod* const pod = pods.find({row.name_space, row.pod});
    // One with others lives by those.
    if (pod != nullptr && pod->known && pod->containers.empty()) note(zeros, *pod, node);
}

void Store::Impl::own(Node& node, Pod& pod) {
    if (pod.owner == &node) return;
    tell_history_owner(pod);
    if (pod.owner != nullptr && pod.owner != &lost) note_rival(pod, *pod.owner);
    disown(pod);
    // Another node's counters are others.
    pod.containers.clear();
    pod.owner = &node;
    pod.slot = static_cast<std::uint32_t>(node.pods.size());
    node.pods.push_back(&pod);
}

void Store::Impl::disown(Pod& pod) {
    if (pod.owner == nullptr) return;
    pod.owner->row_pods.clear();
    std::vector<Pod*>& pods_there = pod.owner->pods;
    assert(pods_there[pod.slot] == &pod);
    pods_there[pod.slot] = pods_there.back();
    pods_there[pod.slot]->slot = pod.slot;
    pods_there.pop_back();
    pod.owner = nullptr;
}

void Store::Impl::take_rows(Pod& pod, RowGroups::Rows rows, CommitResult& result) {
    std::vector<Container>& containers = pod.containers;
    std::size_t at = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string_view name = rows[i]->container;
        while (at < containers.size() && name_before(containers[at], name)) ++at;
        // At most once: it adds all that the further rows name, too.
        if (at == containers.size() || containers[at].name.text() != name) {
            add_missing(containers, rows.subspan(i), names);
        }
        if (!take_row(containers[at], *rows[i], result)) continue;
        ++result.containers;
        if (standing(containers[at].points, moment.at, rules) == Standing::unborn) ++result.unborn;
    }
}

bool Store::Impl::take_row(Container& container, const PageRow& row, CommitResult& result) {
    const bool complete = kind_of(row) == RowKind::complete;
    container.present = true;
    container.twice = row.twice;
    take_points(container.points, row, result);
    return complete;
}

void Store::Impl::drop_long_away(Pod& pod, Monotonic now) const {
    const auto dropped = std::erase_if(pod.containers, [&](const Container& container) {
        return !container.present && is_stale(container.points, now, rules);
    });
    if (dropped > 0) pod.containers.shrink_to_fit();
}

void Store::Impl::settle(Node& node, Monotonic now) {
    for (Pod* pod : node.pods) {
        drop_long_away(*pod, now);
        count(*pod, now);
    }
    count(node, now);
}

}  // namespace storage
