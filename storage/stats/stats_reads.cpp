// SPDX-License-Identifier: Apache-2.0
#include "storage/stats/stats_history_impl.hpp"

#include <algorithm>

namespace storage::stats {
namespace {

// What a subject has of a part: one of the two, or nothing.
struct Found {
    const Series<5>* five = nullptr;
    const Columns<5>* columns = &kMemoryColumns;
    const Series<2>* two = nullptr;
};

Found find(Catalog& catalog, const OfNode& of, Part part) {
    const NodeEntry* const node = catalog.find_node(of.name);
    if (node == nullptr) return {};
    switch (part) {
        case Part::network:
            return {&node->network, &kNetworkColumns};
        case Part::memory:
            return {&node->memory};
        case Part::filesystem:
            return {&node->filesystem, &kFilesystemColumns};
        case Part::image_filesystem:
            return {&node->image_filesystem, &kFilesystemColumns};
        case Part::container_filesystem:
            return {&node->container_filesystem, &kFilesystemColumns};
        case Part::disk:
            break;
    }
    return {};
}

Found find(Catalog& catalog, const OfSystemContainer& of, Part part) {
    NodeEntry* const node = catalog.find_node(of.node);
    const SystemEntry* const system = node == nullptr ? nullptr : Catalog::find(*node, of.name);
    if (system == nullptr || part != Part::memory) return {};
    return {&system->figures, &kSystemColumns};
}

Found find(Catalog& catalog, const OfPod& of, Part part) {
    const PodEntry* const pod = catalog.find_pod(of.name_space, of.name);
    if (pod == nullptr) return {};
    if (part == Part::network) return {&pod->network, &kNetworkColumns};
    if (part == Part::memory) return {&pod->memory};
    return {};
}

Found find(Catalog& catalog, const OfContainer& of, Part part) {
    PodEntry* const pod = catalog.find_pod(of.name_space, of.pod);
    const ContainerEntry* const container = pod == nullptr ? nullptr : Catalog::find(*pod, of.name);
    if (container == nullptr) return {};
    if (part == Part::memory) return {&container->memory};
    if (part == Part::disk) return {nullptr, nullptr, &container->disk};
    return {};
}

Found find(Catalog& catalog, const OfVolume& of, Part part) {
    PodEntry* const pod = catalog.find_pod(of.name_space, of.pod);
    const VolumeEntry* const volume = pod == nullptr ? nullptr : Catalog::find_volume(*pod, of.name);
    if (volume == nullptr || part != Part::filesystem) return {};
    return {&volume->filesystem, &kFilesystemColumns};
}

// Far from all that ticks can be.
constexpr Seconds kFar = Seconds{1} << 40;

void show(const Catalog::PodName& name, const PodEntry& pod, KnownPod& out) {
    out.name_space = name.first;
    out.name = name.second;
    out.node = pod.node.text();
    out.containers.clear();
    out.volumes.clear();
    for (const ContainerEntry& each : pod.containers) out.containers.push_back(each.name.text());
    for (const VolumeEntry& each : pod.volumes) out.volumes.push_back({each.name, each.claim});
}

}  // namespace

void StatsHistory::Impl::read(const Subject& subject, Part part, Tier tier, TimeRange range,
                              std::vector<Point>& out) {
    out.clear();
    const Found found = std::visit([&](const auto& of) { return find(catalog, of, part); }, subject);
    const Seconds from = clock.shown_at(std::clamp(range.from, Seconds{0}, kFar));
    const Seconds to = clock.shown_at(std::clamp(range.to, Seconds{0}, kFar));
    const Tick kept = tier == Tier::recent ? first_recent : first_longer * pace.long_ticks;
    const Tick first =
        static_cast<Tick>(std::clamp<Seconds>((from + pace.tick - 1) / pace.tick, Seconds{kept}, UINT32_MAX));
    const Tick last = static_cast<Tick>(std::min<Seconds>(to / pace.tick, UINT32_MAX));
    std::vector<Row> rows;
    if (found.five != nullptr)
        stats::read(*found.five, blocks, *found.columns, tier, pace, first, last, rows);
    if (found.two != nullptr) stats::read(*found.two, blocks, kDiskColumns, tier, pace, first, last, rows);
    for (const Row& row : rows)
        out.push_back({clock.wall_of(Seconds{row.tick} * pace.tick), row.started, row.life, row.values});
}

void StatsHistory::read_recent(const Subject& subject, Part part, TimeRange range,
                               std::vector<Point>& out) const {
    impl_->read(subject, part, Tier::recent, range, out);
}

void StatsHistory::read_long(const Subject& subject, Part part, TimeRange range,
                             std::vector<Point>& out) const {
    impl_->read(subject, part, Tier::longer, range, out);
}

bool StatsHistory::pod(std::string_view name_space, std::string_view name, KnownPod& out) const {
    const auto at = impl_->catalog.pods().find(Catalog::PodView{name_space, name});
    if (at == impl_->catalog.pods().end()) return false;
    show(at->first, at->second, out);
    return true;
}

std::vector<std::string_view> StatsHistory::system_containers(std::string_view node) const {
    std::vector<std::string_view> names;
    if (const NodeEntry* const entry = impl_->catalog.find_node(node))
        for (const SystemEntry& each : entry->system_containers) names.push_back(each.name);
    return names;
}

void StatsHistory::walk_pods(std::string_view name_space, std::string_view after_namespace,
                             std::string_view after_pod,
                             const std::function<bool(const KnownPod&)>& visit) const {
    const Catalog::Pods& pods = impl_->catalog.pods();
    const Catalog::PodView after{after_namespace, after_pod};
    KnownPod pod;
    auto at = std::max(after, Catalog::PodView{name_space, {}}) == after
                  ? pods.upper_bound(after)
                  : pods.lower_bound(Catalog::PodView{name_space, {}});
    for (; at != pods.end() && (name_space.empty() || at->first.first == name_space); ++at) {
        show(at->first, at->second, pod);
        if (!visit(pod)) return;
    }
}

void StatsHistory::walk_nodes(std::string_view after,
                              const std::function<bool(std::string_view)>& visit) const {
    const Catalog::Nodes& nodes = impl_->catalog.nodes();
    for (auto at = nodes.upper_bound(after); at != nodes.end(); ++at)
        if (!visit(at->first)) return;
}

}  // namespace storage::stats
