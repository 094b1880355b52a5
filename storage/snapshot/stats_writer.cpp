// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshot/stats_sections.hpp"
#include "storage/snapshot/stats_series_bytes.hpp"
#include "storage/snapshot/stats_snapshots.hpp"

#include <algorithm>

namespace storage::snapshot {
namespace {

using stats::Catalog;
using stats::NodeEntry;
using stats::PodEntry;
using stats::Seconds;
using Impl = stats::Snapshots::Impl;

void put(Bytes& bytes, StatsRecord record) {
    bytes.put(static_cast<std::uint64_t>(record));
}

void put_head(Bytes& bytes, const Impl& impl) {
    const auto put = [&](Seconds number) {
        bytes.put(static_cast<std::uint64_t>(std::max<Seconds>(number, 0)));
    };
    put(impl.pace.tick);
    put(impl.pace.long_ticks);
    put(impl.clock.now());
    put(impl.clock.moved());
    put(impl.first_ever);
    put(impl.first_recent);
    put(impl.first_longer);
    put(impl.share.part());
    bytes.put(impl.blocks.used());
    bytes.put(impl.catalog.bytes());
}

// How long ago.
void put_seen(Bytes& bytes, Seconds seen, const Impl& impl) {
    bytes.put(static_cast<std::uint64_t>(std::max<Seconds>(impl.clock.now() - seen, 0)));
}

void put_name(Bytes& bytes, const std::string& name, const NodeEntry& node, const Impl& impl) {
    put(bytes, StatsRecord::node);
    bytes.put(name);
    put_seen(bytes, node.seen, impl);
}

void put_name(Bytes& bytes, const Catalog::PodName& name, const PodEntry& pod, const Impl& impl) {
    put(bytes, StatsRecord::pod);
    bytes.put(name.first);
    bytes.put(name.second);
    bytes.put(pod.node.text());
    put_seen(bytes, pod.seen, impl);
}

// The first is what it has itself.
std::size_t parts_of(const NodeEntry& node) {
    return 1 + node.system_containers.size();
}

std::size_t parts_of(const PodEntry& pod) {
    return 1 + pod.containers.size() + pod.volumes.size();
}

std::string_view name_of(const NodeEntry& node, std::size_t part) {
    return part == 0 ? std::string_view{} : node.system_containers[part - 1].name;
}

std::string_view name_of(const PodEntry& pod, std::size_t part) {
    if (part == 0) return {};
    if (part <= pod.containers.size()) return pod.containers[part - 1].name.text();
    return pod.volumes[part - 1 - pod.containers.size()].name;
}

class PartWriter {
  public:
    PartWriter(Bytes& bytes, const Impl& impl)
        : bytes_{bytes}, blocks_{impl.blocks}, kept_{impl.first_recent, impl.first_longer} {}

    void put_part(const NodeEntry& node, std::size_t part) {
        if (part > 0) {
            put(bytes_, StatsRecord::container);
            bytes_.put(name_of(node, part));
            return put_all(node.system_containers[part - 1].figures);
        }
        put(bytes_, StatsRecord::own);
        put_all(node.network, node.memory, node.filesystem, node.image_filesystem, node.container_filesystem);
    }

    void put_part(const PodEntry& pod, std::size_t part) {
        if (part == 0) {
            put(bytes_, StatsRecord::own);
            return put_all(pod.network, pod.memory);
        }
        const bool is_container = part <= pod.containers.size();
        put(bytes_, is_container ? StatsRecord::container : StatsRecord::volume);
        bytes_.put(name_of(pod, part));
        if (is_container) return put_all(pod.containers[part - 1].memory, pod.containers[part - 1].disk);
        const stats::VolumeEntry& volume = pod.volumes[part - 1 - pod.containers.size()];
        bytes_.put(volume.claim);
        put_all(volume.filesystem);
    }

  private:
    template <class... Series>
    void put_all(const Series&... series) {
        (put_series(bytes_, series, blocks_, kept_), ...);
    }

    Bytes& bytes_;
    const stats::Blocks& blocks_;
    StatsRowsKept kept_;
};

// Half of what others have: most rows are a byte, and one of these is not to take longer to make or to take
// in.
bool is_full(const Bytes& bytes) {
    return bytes.size() >= kSectionBytes / 2;
}

}  // namespace

std::optional<Section> StatsWriter::next() {
    const Impl& impl = stats::Snapshots::of(stats_);
    if (done_ || impl.first_ever == 0) return std::nullopt;
    Bytes bytes;
    put_head(bytes, impl);
    const std::size_t empty = bytes.size();
    nodes_are_told_ = nodes_are_told_ || !put_all(bytes, impl.catalog.nodes(), node_);
    if (nodes_are_told_) done_ = !put_all(bytes, impl.catalog.pods(), pod_);
    if (bytes.size() == empty) return std::nullopt;
    put(bytes, StatsRecord::end);
    return Section{SectionKind::summaries, bytes.take()};
}

template <class Entries, class Name>
bool StatsWriter::put_all(Bytes& bytes, const Entries& entries, Name& told) {
    auto at = parts_ > 0 ? entries.lower_bound(told) : entries.upper_bound(told);
    // It has gone meanwhile.
    if (at == entries.end() || at->first != told) parts_ = 0;
    for (; at != entries.end(); ++at) {
        if (is_full(bytes)) return true;
        told = at->first;
        put_name(bytes, at->first, at->second, stats::Snapshots::of(stats_));
        if (!put_parts(bytes, at->second)) return true;
    }
    return false;
}

template <class Entry>
bool StatsWriter::put_parts(Bytes& bytes, const Entry& entry) {
    PartWriter writer{bytes, stats::Snapshots::of(stats_)};
    const std::size_t all = parts_of(entry);
    // Parts have come or gone meanwhile: what is told twice is taken once.
    if (parts_ > all || (parts_ > 0 && name_of(entry, parts_ - 1) != part_)) parts_ = 0;
    while (parts_ < all) {
        writer.put_part(entry, parts_);
        part_ = name_of(entry, parts_++);
        if (parts_ < all && is_full(bytes)) return false;
    }
    parts_ = 0;
    return true;
}

}  // namespace storage::snapshot
