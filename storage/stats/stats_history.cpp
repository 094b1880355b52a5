// SPDX-License-Identifier: Apache-2.0
#include "storage/stats/stats_history_impl.hpp"

#include <algorithm>
#include <cstdlib>

namespace storage::stats {
namespace {

constexpr Seconds kLongRow = 300;
// Figures that a page shows are at most so old: a kubelet looks each 10 to 30 s.
constexpr Seconds kOldest = 120;
constexpr Seconds kSameClock = 2;
// Pages that did not come, one after the other, and cost no row.
constexpr Seconds kBridgedPages = 2;
// Of all memory: what names and the beginnings of series get at most.
constexpr std::size_t kMostNames = 2;
// A slab of blocks may be added for one row.
constexpr std::size_t kSlab = 64 * 1024;

Pace pace_of(const StatsOptions& options) {
    const Seconds tick = std::max<Seconds>(options.pace.count(), 1);
    return {tick, static_cast<Tick>((kLongRow + tick - 1) / tick), (kBridgedPages + 1) * tick + kOldest / 4};
}

}  // namespace

StatsHistory::Impl::Impl(StatsOptions given)
    : options{given}, pace{pace_of(given)}, clock{pace_of(given).tick} {
    begin_tick();
}

StatsHistory::StatsHistory(StatsOptions options) : impl_{std::make_unique<Impl>(options)} {}
StatsHistory::~StatsHistory() = default;

const StatsOptions& StatsHistory::options() const {
    return impl_->options;
}

StatsReach StatsHistory::reach() const {
    const Impl& impl = *impl_;
    StatsReach reach;
    const auto span = [&](Tick first) { return Seconds{impl.tick - first} * impl.pace.tick; };
    if (impl.first_ever != 0) {
        const Tick first_longer = impl.first_longer * impl.pace.long_ticks;
        reach.recent = span(std::max(impl.first_recent, impl.first_ever));
        reach.longer = span(std::max(first_longer, impl.first_ever));
        reach.cut = impl.first_recent > impl.first_ever &&
                    reach.recent < impl.options.recent_window.count() / impl.pace.tick * impl.pace.tick;
    }
    reach.things = impl.catalog.things();
    reach.bytes = impl.catalog.bytes() + impl.blocks.bytes();
    reach.refused_points = impl.refused_points;
    reach.refused_things = impl.refused_things;
    return reach;
}

std::size_t StatsHistory::commit(std::string_view node, const StatsPage& page, Seconds now,
                                 const IsOfNode& is_of_node) {
    Impl& impl = *impl_;
    if (impl.is_loading) return 0;
    Impl::Moment moment;
    moment.now = impl.clock.advance(now);
    const Seconds ahead = page.kubelet_time != 0 ? page.kubelet_time - now : 0;
    // Both are whole seconds, and the answer took its time: so near they are the same clock.
    moment.ahead = now - moment.now + (std::abs(ahead) <= kSameClock ? 0 : ahead);
    const auto tick = static_cast<Tick>(moment.now / impl.pace.tick);
    if (tick > impl.tick) {
        impl.tick = tick;
        if (impl.first_ever == 0) impl.first_ever = tick;
        impl.begin_tick();
    }
    impl.take_node(node, page.node, moment);
    std::size_t strangers = 0;
    for (const Pod& pod : page.pods) {
        if (is_of_node(pod.name_space, pod.name))
            impl.take_pod(node, pod, moment);
        else
            ++strangers;
    }
    // Each is looked after every second tick or so, and sooner when memory is wanted.
    impl.tend((impl.unseen > 0 ? 4 : 1) * (page.pods.size() / 2 + 1));
    return strangers;
}

bool StatsHistory::takes_pages() const {
    return !impl_->is_loading;
}

bool StatsHistory::Impl::has_room() {
    const std::size_t all = catalog.bytes() + Catalog::kLargest;
    if (all <= options.memory / kMostNames && all + blocks.bytes() + kSlab <= options.memory) return true;
    ++refused_things;
    return false;
}

Tick StatsHistory::Impl::ticks_of(std::chrono::seconds window) const {
    return std::max<Tick>(share.of(static_cast<Tick>(window.count() / pace.tick)), 2);
}

std::size_t StatsHistory::Impl::most_blocks(std::size_t others) const {
    // Slabs come whole.
    return history::bytes_for_blocks(options.memory, others) / kSlab * kSlab / sizeof(history::Block);
}

void StatsHistory::Impl::set_limit() {
    blocks.set_limit(most_blocks(catalog.bytes()));
}

void StatsHistory::Impl::begin_tick() {
    set_limit();
    // What was cut is free when all have been seen.
    if (unseen == 0) {
        if (history::Share::is_short(blocks, kPutBlocks) && share.cut())
            unseen = catalog.pods().size();
        else
            share.widen(blocks);
    }
    move_windows();
}

void StatsHistory::Impl::move_windows() {
    const auto first_of = [&](std::chrono::seconds window) {
        return tick - std::min(ticks_of(window), tick);
    };
    first_recent = std::max(first_recent, first_of(options.recent_window));
    first_longer = std::max(first_longer, first_of(options.long_window) / pace.long_ticks);
}

template <std::size_t N>
void StatsHistory::Impl::put_figures(Series<N>& series, const Columns<N>& columns, Seconds told,
                                     Seconds started, const std::array<Number, N>& values,
                                     const Moment& moment) {
    if (std::none_of(values.begin(), values.end(), [](const Number& each) { return each.has_value(); }))
        return;
    Sample<N> sample;
    const Seconds age =
        told == 0 ? 0 : std::clamp<Seconds>(moment.now + moment.ahead - told, -kSameClock, kOldest);
    sample.at = moment.now - age;
    sample.told = told;
    sample.started = started;
    sample.values = values;
    refused_points += put(series, blocks, columns, sample, pace);
}

void StatsHistory::Impl::put_network(Series<5>& series, const Network& network, Seconds started,
                                     const Moment& moment) {
    put_figures<5>(series, kNetworkColumns, network.at, started,
                   {network.rx_bytes, network.tx_bytes, network.rx_errors, network.tx_errors, {}}, moment);
}

void StatsHistory::Impl::put_memory(Series<5>& series, const Columns<5>& columns, const Memory& memory,
                                    Number last, Seconds started, const Moment& moment) {
    put_figures<5>(series, columns, memory.at, started,
                   {memory.usage, memory.rss, memory.page_faults, memory.major_page_faults, last}, moment);
}

void StatsHistory::Impl::put_filesystem(Series<5>& series, const Filesystem& filesystem,
                                        const Moment& moment) {
    put_figures<5>(series, kFilesystemColumns, 0, 0,
                   {filesystem.used, filesystem.capacity, filesystem.available, filesystem.inodes,
                    filesystem.inodes_free},
                   moment);
}

void StatsHistory::Impl::take_node(std::string_view name, const Node& node, const Moment& moment) {
    NodeEntry* entry = catalog.find_node(name);
    if (entry == nullptr) {
        if (!has_room()) return;
        entry = &catalog.add_node(name);
    }
    entry->seen = moment.now;
    put_network(entry->network, node.network, node.started, moment);
    put_memory(entry->memory, kMemoryColumns, node.memory, {}, node.started, moment);
    put_filesystem(entry->filesystem, node.filesystem, moment);
    put_filesystem(entry->image_filesystem, node.image_filesystem, moment);
    put_filesystem(entry->container_filesystem, node.container_filesystem, moment);
    for (const Container& each : node.system_containers) {
        SystemEntry* system = Catalog::find(*entry, each.name);
        if (system == nullptr) {
            if (!has_room()) continue;
            system = &catalog.add_system(*entry, each.name);
        }
        put_memory(system->figures, kSystemColumns, each.memory, each.cpu, each.started, moment);
    }
}

void StatsHistory::Impl::take_pod(std::string_view node, const Pod& pod, const Moment& moment) {
    PodEntry* entry = catalog.find_pod(pod.name_space, pod.name);
    if (entry == nullptr) {
        if (!has_room()) return;
        entry = &catalog.add_pod(pod.name_space, pod.name);
    }
    entry->seen = moment.now;
    catalog.set_node(*entry, node);
    put_network(entry->network, pod.network, pod.started, moment);
    put_memory(entry->memory, kMemoryColumns, pod.memory, pod.ephemeral_storage_used, pod.started, moment);
    for (const Container& each : pod.containers) take_container(*entry, each, moment);
    for (const Volume& each : pod.volumes) {
        VolumeEntry* volume = Catalog::find_volume(*entry, each.name);
        if (volume == nullptr) {
            if (!has_room()) continue;
            volume = &catalog.add_volume(*entry, each.name);
        }
        catalog.set_claim(*volume, each.claim);
        put_filesystem(volume->filesystem, each.filesystem, moment);
    }
}

void StatsHistory::Impl::take_container(PodEntry& pod, const Container& container, const Moment& moment) {
    ContainerEntry* entry = Catalog::find(pod, container.name);
    if (entry == nullptr) {
        if (!has_room()) return;
        entry = &catalog.add_container(pod, container.name);
    }
    put_memory(entry->memory, kMemoryColumns, container.memory, {}, container.started, moment);
    put_figures<2>(entry->disk, kDiskColumns, 0, container.started,
                   {container.rootfs_used, container.logs_used}, moment);
}

void StatsHistory::Impl::tend(std::size_t count) {
    unseen -= std::min(unseen, count);
    catalog.visit_pods(tended_pod, count, [&](PodEntry& pod) { return tend_pod(pod); });
    catalog.visit_nodes(tended_node, 1, [&](NodeEntry& node) { return tend_node(node); });
}

template <std::size_t N>
void StatsHistory::Impl::tend_series(Series<N>& series) {
    drop_before(series, blocks, first_recent, first_longer);
}

template <std::size_t N>
bool StatsHistory::Impl::is_idle(const Series<N>& series) const {
    return series.empty() && clock.now() - series.at > pace.bridge;
}

bool StatsHistory::Impl::tend_pod(PodEntry& pod) {
    const auto idle = [this](const auto& series) { return is_idle(series); };
    tend_series(pod.network);
    tend_series(pod.memory);
    for (ContainerEntry& each : pod.containers) {
        tend_series(each.memory);
        tend_series(each.disk);
    }
    for (VolumeEntry& each : pod.volumes) tend_series(each.filesystem);
    catalog.shed(pod, idle);
    return !pod.containers.empty() || !pod.volumes.empty() || !idle(pod.network) || !idle(pod.memory) ||
           clock.now() - pod.seen <= pace.bridge;
}

bool StatsHistory::Impl::tend_node(NodeEntry& node) {
    const auto idle = [this](const auto& series) { return is_idle(series); };
    bool lives = clock.now() - node.seen <= pace.bridge;
    for (Series<5>* each : {&node.network, &node.memory, &node.filesystem, &node.image_filesystem,
                            &node.container_filesystem}) {
        tend_series(*each);
        lives = lives || !idle(*each);
    }
    for (SystemEntry& each : node.system_containers) tend_series(each.figures);
    catalog.shed(node, idle);
    return lives || !node.system_containers.empty();
}

}  // namespace storage::stats
