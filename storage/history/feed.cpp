// SPDX-License-Identifier: Apache-2.0
#include "storage/history/feed.hpp"

#include "storage/history/history_impl.hpp"

namespace storage::history {

Link Feed::link_node(std::string_view name) {
    History::Impl& history = *history_.impl_;
    std::uint32_t at = history.catalog.find_node(name);
    if (at == kNowhere) {
        if (!history.has_room()) return kNowhere;
        at = history.catalog.add_node(name);
    }
    NodeEntry& node = history.catalog.nodes[at];
    node.linked = true;
    node.series.life = Series::kUnknownLife;
    return at;
}

void Feed::unlink_node(Link node) {
    if (node != kNowhere) history_.impl_->catalog.nodes[node].linked = false;
}

Link Feed::link_pod(std::string_view name_space, std::string_view name) {
    History::Impl& history = *history_.impl_;
    std::uint32_t at = history.catalog.find_pod(name_space, name);
    if (at == kNowhere) {
        if (!history.has_room()) return kNowhere;
        at = history.catalog.add_pod(name_space, name);
    }
    PodEntry& pod = history.catalog.pods[at];
    if (!pod.linked) ++history.linked_pods;
    pod.linked = true;
    for (std::uint32_t each = pod.first; each != kNowhere; each = history.catalog.containers[each].next)
        history.catalog.containers[each].series.life = Series::kUnknownLife;
    return at;
}

void Feed::unlink_pod(Link pod) {
    if (pod == kNowhere) return;
    history_.impl_->catalog.pods[pod].linked = false;
    --history_.impl_->linked_pods;
}

void Feed::begin_tick(Seconds now) {
    History::Impl& history = *history_.impl_;
    if (history.begun) end_tick();
    history.begun = true;
    history.tick = history.ticks.advance(now);
    const Seconds end = History::Impl::bucket_end(history.ticks.time(history.tick));
    if (end != history.end_of_bucket) {
        history.end_of_bucket = end;
        history.bucket = history.buckets.advance(end);
    }
}

void Feed::expect(std::span<const Link> pods) const {
    const History::Impl& history = *history_.impl_;
    const Catalog& catalog = history.catalog;
    for (const Link pod : pods)
        if (pod != kNowhere) __builtin_prefetch(&catalog.pods[pod]);
    const auto for_each_first = [&](auto&& visit) {
        for (const Link pod : pods)
            if (pod != kNowhere && catalog.pods[pod].first != kNowhere)
                visit(catalog.containers[catalog.pods[pod].first]);
    };
    for_each_first([](const ContainerEntry& container) {
        __builtin_prefetch(&container);
        __builtin_prefetch(reinterpret_cast<const char*>(&container) + 64);
    });
    for_each_first(
        [&](const ContainerEntry& container) { container.series.recent.expect(history.room.blocks); });
}

void Feed::put_pod(Link pod, std::string_view name_space, Link node,
                   std::span<const ContainerFigures> containers) {
    History::Impl& history = *history_.impl_;
    Catalog& catalog = history.catalog;
    Sum all;
    for (const ContainerFigures& container : containers) all.add(container.figures);
    history.cluster_sum.add(all.figures);
    if (pod == kNowhere) {
        // Sums are of all pods.
        std::uint32_t at = catalog.find_namespace(name_space);
        if (at == kNowhere && history.fits()) at = catalog.hold_namespace(name_space);
        if (at != kNowhere) catalog.namespaces[at].sum.add(all.figures);
        return;
    }
    PodEntry& entry = catalog.pods[pod];
    if (node != kNowhere) catalog.set_node(entry, node);
    catalog.namespaces[entry.name_space].sum.add(all.figures);
    std::uint32_t before = kNowhere;
    std::uint32_t at = entry.first;
    for (const ContainerFigures& container : containers) {
        const auto is_it = [&] {
            return at != kNowhere && catalog.containers[at].name.text() == container.name;
        };
        while (!is_it() && at != kNowhere && catalog.containers[at].name.text() < container.name) {
            before = at;
            at = catalog.containers[at].next;
        }
        if (!is_it()) {
            if (!history.has_room()) continue;
            at = catalog.add_container(entry, before, container.name);
        }
        if (history.can_put()) {
            put(catalog.containers[at].series, history.room, history.tick, history.bucket, container.figures,
                container.life);
        }
        before = at;
        at = catalog.containers[at].next;
    }
}

void Feed::put_node(Link node, const Figures& figures, Life life) {
    History::Impl& history = *history_.impl_;
    if (node == kNowhere || !history.can_put()) return;
    put(history.catalog.nodes[node].series, history.room, history.tick, history.bucket, figures, life);
}

void Feed::end_tick() {
    History::Impl& history = *history_.impl_;
    if (!history.begun) return;
    history.begun = false;
    for (const auto& [name, at] : history.catalog.namespaces_by_name()) {
        NamespaceEntry& entry = history.catalog.namespaces[at];
        history.put_sum(entry.series, entry.sum);
    }
    history.put_sum(history.cluster, history.cluster_sum);
    history.over = history.tick;
    if (history.first_over == 0) {
        history.first_over = history.first_tick = history.tick;
        history.first_bucket = history.bucket;
    }
    history.set_limits();
    history.adapt_reach();
    history.move_windows();
}

}  // namespace storage::history
