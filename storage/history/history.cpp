// SPDX-License-Identifier: Apache-2.0
#include "storage/history/history.hpp"

#include "storage/history/history_impl.hpp"

#include <algorithm>

namespace storage::history {
namespace {

// A slab of each shelf may be added for one thing.
constexpr std::size_t kSlabs = 64 * 1024;
// In each call of tend(), of all things.
constexpr std::size_t kLeastTended = 64;
constexpr std::size_t kTendedShare = 16;

}  // namespace

History::Impl::Impl(HistoryOptions given, History& owner)
    : options{given}, feed{owner}, ticks{given.resolution.count()} {
    set_limits();
}

History::History(HistoryOptions options) : impl_{std::make_unique<Impl>(options, *this)} {}
History::~History() = default;

const HistoryOptions& History::options() const {
    return impl_->options;
}

void History::end_lives() {
    impl_->room.lives_from = std::max(impl_->tick, impl_->over) + 1;
}

Feed& History::feed() {
    return impl_->feed;
}

void History::Impl::set_limits() {
    room.blocks.set_limit(most_blocks(bytes_of_others()));
}

std::size_t History::Impl::most_blocks(std::size_t others) const {
    return bytes_for_blocks(options.memory, others) / sizeof(Block);
}

bool History::Impl::fits() const {
    return bytes_of_others() + kSlabs + room.blocks.bytes() <= options.memory;
}

bool History::Impl::has_room() {
    // More series than there are points for would be of no use.
    const bool is_worth_it = bytes_of_others() + kSlabs <= options.memory * 2 / 5;
    if ((is_worth_it && fits()) || catalog.has_spare()) return true;
    ++refused_series;
    was_refused = true;
    return false;
}

bool History::Impl::can_put() {
    if (room.blocks.free() >= kPutBlocks) return true;
    ++refused_points;
    return false;
}

void History::Impl::put_sum(Series& series, Sum& sum) {
    if (sum.any && can_put()) put(series, room, tick, bucket, sum.figures, {});
    sum = {};
}

void History::Impl::adapt_reach() {
    // What was cut is free when all have been seen.
    if (unseen > 0) return;
    // Those that have ended make room for others when the reach is cut; there are none to gain by it
    // otherwise.
    const bool makes_room = was_refused && (catalog.pods.count() - linked_pods) * 16 > catalog.pods.count();
    if ((Share::is_short(room.blocks, kPutBlocks) || makes_room) && share.cut()) {
        unseen = things();
        was_refused = false;
    } else {
        share.widen(room.blocks);
    }
}

void History::Impl::move_windows() {
    const Tick ticks_kept = share.of(static_cast<Tick>(options.recent_window / options.resolution));
    const Tick buckets_kept = share.of(static_cast<Tick>(options.long_window.count() / kBucket));
    // A clock that begins at the epoch has few behind it.
    const auto first_of = [](Tick last, Tick kept) {
        return last + 1 - std::min(std::max<Tick>(kept, 2), last + 1);
    };
    first_tick = std::max(first_tick, first_of(over, ticks_kept));
    first_bucket = std::max(first_bucket, first_of(bucket, buckets_kept));
}

Tick History::Impl::last_bucket() const {
    if (over == 0) return 0;
    return !begun && ticks.time(over) == end_of_bucket ? bucket : bucket - 1;
}

Reach History::reach() const {
    const Impl& impl = *impl_;
    Reach reach;
    if (impl.over != 0) {
        reach.to = impl.ticks.time(impl.over);
        reach.recent_from = impl.ticks.time(impl.first_tick);
        if (impl.last_bucket() >= impl.first_bucket) reach.long_from = impl.buckets.time(impl.first_bucket);
    }
    const auto window = static_cast<Tick>(impl.options.recent_window / impl.options.resolution);
    reach.cut = impl.first_tick > impl.first_over && impl.over - impl.first_tick + 1 < window;
    reach.series = impl.catalog.series() + 1;
    reach.block_bytes = impl.room.blocks.bytes();
    reach.bytes = impl.bytes_of_others() + reach.block_bytes;
    reach.refused_points = impl.refused_points;
    reach.refused_series = impl.refused_series;
    return reach;
}

bool History::tend() {
    Impl& impl = *impl_;
    const std::size_t all = impl.things();
    const std::size_t now = std::min(all, std::max(all / kTendedShare, kLeastTended));
    for (std::size_t i = 0; i < now; ++i) {
        if (impl.next_thing >= impl.things()) impl.next_thing = 0;
        impl.tend_thing(impl.next_thing++);
    }
    impl.unseen -= std::min(impl.unseen, now);
    return impl.unseen > 0;
}

std::size_t History::Impl::things() const {
    return catalog.pods.size() + catalog.nodes.size() + catalog.namespaces.size() + 1;
}

void History::Impl::tend_thing(std::size_t thing) {
    if (thing < catalog.pods.size()) return tend_pod(static_cast<std::uint32_t>(thing));
    thing -= catalog.pods.size();
    if (thing < catalog.nodes.size()) {
        const auto at = static_cast<std::uint32_t>(thing);
        NodeEntry& node = catalog.nodes[at];
        if (!node.there()) return;
        tend_series(node.series);
        if (!node.linked && node.pods == 0 && node.series.empty()) catalog.remove_node(at);
        return;
    }
    thing -= catalog.nodes.size();
    if (thing == catalog.namespaces.size()) return tend_series(cluster);
    const auto at = static_cast<std::uint32_t>(thing);
    NamespaceEntry& entry = catalog.namespaces[at];
    if (!entry.there()) return;
    tend_series(entry.series);
    if (entry.pods.empty() && entry.series.empty() && !entry.sum.any) catalog.remove_namespace(at);
}

void History::Impl::tend_pod(std::uint32_t at) {
    PodEntry& pod = catalog.pods[at];
    if (!pod.there()) return;
    std::uint32_t before = kNowhere;
    for (std::uint32_t each = pod.first; each != kNowhere;) {
        Series& series = catalog.containers[each].series;
        const std::uint32_t next = catalog.containers[each].next;
        tend_series(series);
        if (series.empty()) {
            clear(series, room);
            catalog.remove_container(pod, before, each);
        } else {
            before = each;
        }
        each = next;
    }
    if (pod.first == kNowhere && !pod.linked) catalog.remove_pod(at);
}

void History::Impl::tend_series(Series& series) {
    if (over == 0 || room.blocks.free() < kPutBlocks) {
        // What is dropped whole needs no block.
        if (over != 0 && series.recent.newest() < first_tick) series.recent.clear(room.blocks);
        return;
    }
    close_bucket(series, room, bucket);
    drop_before(series, room, first_tick, first_bucket);
}

}  // namespace storage::history
