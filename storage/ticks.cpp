// SPDX-License-Identifier: Apache-2.0
// What the store tells history: at the end of each tick, what is served.
//
// A tick's end changes nothing and costs nothing: what was served then is told when it is about to change,
// which is when the node's next page comes and its pods are read anyway. What has not changed by the end of
// the next tick is told by a sweep.
#include "storage/store_impl.hpp"

namespace storage {
namespace {

history::Figures figures_of(const Usage& usage) {
    return {usage.cpu, usage.memory, usage.swap};
}

history::Life life_of(const Points& points) {
    return {points.life, static_cast<std::uint64_t>(points.started)};
}

}  // namespace

void Store::end_tick(std::int64_t now_unix, Monotonic now) {
    if (impl_->feed == nullptr) return;
    while (sweep_tick(SIZE_MAX)) {
    }
    impl_->feed->begin_tick(now_unix);
    ++impl_->tick;
    impl_->tick_ended = now;
    impl_->swept.clear();
    impl_->tick_is_open = true;
}

bool Store::sweep_tick(std::size_t nodes) {
    Impl& impl = *impl_;
    if (!impl.tick_is_open) return false;
    const std::string* last = &impl.swept;
    for (auto at = impl.nodes.upper_bound(impl.swept); at != impl.nodes.end(); ++at) {
        if (nodes-- == 0) {
            impl.swept = *last;
            return true;
        }
        impl.tell_history(at->second);
        last = &at->first;
    }
    impl.tell_history(impl.lost);
    impl.feed->end_tick();
    impl.tick_is_open = false;
    return false;
}

void Store::Impl::tell_history(Node& node) {
    if (!tick_is_open || node.told == tick) return;
    node.told = tick;
    links.clear();
    for (const Pod* pod : node.pods) {
        links.push_back(pod->history);
        __builtin_prefetch(pod->containers.data());
        __builtin_prefetch(pod->name_space);
    }
    feed->expect(links);
    for (const Pod* pod : node.pods) tell_history(*pod, node.history);
    if (standing(node.points, tick_ended, rules) == Standing::rated)
        feed->put_node(node.history, figures_of(usage_of(node.points)), life_of(node.points));
}

void Store::Impl::tell_history(const Pod& pod, history::Link node) {
    if (!pod.known) return;
    figures.clear();
    const bool is_served = add_served(pod, tick_ended, rules, [this](const Container& container) {
        figures.push_back(
            {container.name.text(), figures_of(usage_of(container.points)), life_of(container.points)});
    });
    if (is_served && !figures.empty()) feed->put_pod(pod.history, pod.name_space->name, node, figures);
}

}  // namespace storage
