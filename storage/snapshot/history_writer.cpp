// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshot/history_sections.hpp"
#include "storage/snapshot/history_snapshots.hpp"
#include "storage/snapshot/series_bytes.hpp"

#include <algorithm>

namespace storage::snapshot {
namespace {

using history::kNowhere;
using Impl = history::History::Impl;

history::Seconds positive(history::Seconds number) {
    return std::max<history::Seconds>(number, 1);
}

void put_head(Bytes& bytes, const Impl& impl) {
    const auto put = [&](history::Seconds number) {
        bytes.put(static_cast<std::uint64_t>(positive(number)));
    };
    put(impl.ticks.length());
    put(impl.ticks.since_epoch(impl.over));
    put(impl.ticks.since_epoch(impl.ticks.last()));
    put(impl.ticks.since_epoch(impl.first_over));
    put(impl.ticks.since_epoch(impl.first_tick));
    put(impl.buckets.since_epoch(impl.bucket));
    put(impl.buckets.since_epoch(impl.first_bucket));
    bytes.put(impl.share.part());
    bytes.put(impl.room.blocks.used());
    bytes.put(impl.bytes_of_others());
}

SeriesSource source_of(const Impl& impl) {
    return {impl.room, impl.ticks, impl.buckets, impl.first_tick, impl.first_bucket};
}

void put(Bytes& bytes, Record record) {
    bytes.put(static_cast<std::uint64_t>(record));
}

bool is_full(const Bytes& bytes) {
    return bytes.size() >= kSectionBytes;
}

}  // namespace

std::optional<Section> HistoryWriter::next() {
    if (history::Snapshots::of(history_).over == 0) return std::nullopt;
    while (!done_) {
        Bytes bytes;
        put_head(bytes, history::Snapshots::of(history_));
        const std::size_t empty = bytes.size();
        Section section;
        section.kind = kind_;
        bool more = false;
        if (kind_ == SectionKind::sums) more = put_sums(bytes);
        if (kind_ == SectionKind::nodes) more = put_nodes(bytes);
        if (kind_ == SectionKind::pods) more = put_pods(bytes);
        if (!more) {
            name_space_.clear();
            name_.clear();
            done_ = kind_ == SectionKind::pods;
            kind_ = kind_ == SectionKind::sums ? SectionKind::nodes : SectionKind::pods;
        }
        if (bytes.size() == empty) continue;
        put(bytes, Record::end);
        section.bytes = bytes.take();
        return section;
    }
    return std::nullopt;
}

bool HistoryWriter::put_sums(Bytes& bytes) {
    const Impl& impl = history::Snapshots::of(history_);
    if (!cluster_is_told_) {
        put(bytes, Record::cluster);
        put_series(bytes, impl.cluster, source_of(impl));
        cluster_is_told_ = true;
    }
    const auto& places = impl.catalog.namespaces_by_name();
    for (auto at = places.upper_bound(name_); at != places.end(); ++at) {
        if (is_full(bytes)) return true;
        put(bytes, Record::name_space);
        bytes.put(at->first);
        put_series(bytes, impl.catalog.namespaces[at->second].series, source_of(impl));
        name_ = at->first;
    }
    return false;
}

bool HistoryWriter::put_nodes(Bytes& bytes) {
    const Impl& impl = history::Snapshots::of(history_);
    const auto& places = impl.catalog.nodes_by_name();
    for (auto at = places.upper_bound(name_); at != places.end(); ++at) {
        if (is_full(bytes)) return true;
        name_ = at->first;
        const history::Series& series = impl.catalog.nodes[at->second].series;
        if (series.empty()) continue;
        put(bytes, Record::node);
        bytes.put(name_);
        put_series(bytes, series, source_of(impl));
    }
    return false;
}

bool HistoryWriter::put_pods(Bytes& bytes) {
    const Impl& impl = history::Snapshots::of(history_);
    const history::Catalog& catalog = impl.catalog;
    const auto& places = catalog.namespaces_by_name();
    for (auto place = places.lower_bound(name_space_); place != places.end(); ++place) {
        const history::NamespaceEntry& entry = catalog.namespaces[place->second];
        std::size_t next = place->first == name_space_ ? catalog.first_after(entry, name_) : 0;
        // One that was told in part.
        const bool again = !container_.empty() && next > 0 && place->first == name_space_ &&
                           catalog.pods[entry.pods[next - 1]].name() == name_;
        if (again) --next;
        if (!again) container_.clear();
        name_space_ = place->first;
        for (; next < entry.pods.size(); ++next) {
            if (is_full(bytes)) return true;
            if (!put_pod(bytes, entry.pods[next])) return true;
        }
        name_.clear();
    }
    return false;
}

bool HistoryWriter::put_pod(Bytes& bytes, std::uint32_t at) {
    const Impl& impl = history::Snapshots::of(history_);
    const history::Catalog& catalog = impl.catalog;
    const history::PodEntry& pod = catalog.pods[at];
    name_ = pod.name();
    if (pod.first == kNowhere) {
        container_.clear();
        return true;
    }
    put(bytes, Record::pod);
    bytes.put(name_space_);
    bytes.put(name_);
    bytes.put(pod.node == kNowhere ? std::string_view{} : catalog.nodes[pod.node].name);
    for (std::uint32_t each = pod.first; each != kNowhere; each = catalog.containers[each].next) {
        const history::ContainerEntry& container = catalog.containers[each];
        if (container.name.text() <= container_ || container.series.empty()) continue;
        put(bytes, Record::container);
        bytes.put(container.name.text());
        put_series(bytes, container.series, source_of(impl));
        container_ = container.name.text();
        if (is_full(bytes) && container.next != kNowhere) return false;
    }
    container_.clear();
    return true;
}

}  // namespace storage::snapshot
