// SPDX-License-Identifier: Apache-2.0
#include "storage/history/peak_reader.hpp"

#include "storage/history/history_impl.hpp"
#include "storage/history/precision.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

namespace storage::history {
namespace {

void add_to(Peak& peak, std::uint64_t cpu, std::uint64_t memory) {
    peak.cpu += cpu;
    peak.memory += memory;
    peak.any = true;
}

}  // namespace

PeakReader::PeakReader(const History& history, const Steps& steps) : history_{history}, steps_{steps} {
    const History::Impl& impl = *history.impl_;
    const bool recent = steps.tier == Tier::recent;
    const TickClock& clock = recent ? impl.ticks : impl.buckets;
    first_ =
        std::max({clock.at_or_after(steps.from + 1), recent ? impl.first_tick : impl.first_bucket, Tick{1}});
    const Tick end = clock.at_or_before(steps.to());
    // The newest bucket may be open.
    const Tick last = std::min(end, recent ? impl.over : std::max(impl.last_bucket(), impl.bucket));
    const bool none = (recent ? impl.first_tick : impl.over) == 0 || last < first_;
    slots_.resize(none ? 0 : last - first_ + 1);
    step_of_.reserve(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const Seconds at = clock.time(static_cast<Tick>(first_ + i));
        step_of_.push_back(static_cast<std::uint32_t>((at - steps.from - 1) / steps.length));
    }
}

void PeakReader::add(const Subject& subject) {
    const History::Impl& impl = *history_.impl_;
    const Catalog& catalog = impl.catalog;
    const auto add_one = [&](const auto& wanted) {
        using Wanted = std::decay_t<decltype(wanted)>;
        if constexpr (std::is_same_v<Wanted, OfCluster>) {
            add(impl.cluster);
        } else if constexpr (std::is_same_v<Wanted, OfNamespace>) {
            const std::uint32_t at = catalog.find_namespace(wanted.name);
            if (at != kNowhere) add(catalog.namespaces[at].series);
        } else if constexpr (std::is_same_v<Wanted, OfNode>) {
            const std::uint32_t at = catalog.find_node(wanted.name);
            if (at != kNowhere) add(catalog.nodes[at].series);
        } else if constexpr (std::is_same_v<Wanted, OfPod>) {
            const std::uint32_t pod = catalog.find_pod(wanted.name_space, wanted.name);
            if (pod == kNowhere) return;
            for (std::uint32_t at = catalog.pods[pod].first; at != kNowhere; at = catalog.containers[at].next)
                add(catalog.containers[at].series);
        } else {
            const std::uint32_t pod = catalog.find_pod(wanted.name_space, wanted.pod);
            const std::uint32_t at = pod == kNowhere ? kNowhere : catalog.find_container(pod, wanted.name);
            if (at != kNowhere) add(catalog.containers[at].series);
        }
    };
    std::visit(add_one, subject);
}

void PeakReader::add(const Series& series) {
    if (slots_.empty()) return;
    if (steps_.tier == Tier::recent)
        add_recent(series);
    else
        add_longer(series);
}

void PeakReader::add_recent(const Series& series) {
    for (auto rows = series.recent.read(history_.impl_->room.blocks); rows.next();) {
        const auto& row = rows.row();
        if (row.tick < first_) continue;
        if (!is_in(row.tick)) return;
        add_to(slot(row.tick), nanocores(row.values[0]), row.values[1] * kPageBytes);
    }
}

void PeakReader::add_longer(const Series& series) {
    const auto add_row = [this](Tick bucket, const std::array<std::uint64_t, 5>& values) {
        if (is_in(bucket))
            add_to(slot(bucket), nanocores(values[column::kCpuMax]), values[column::kMemoryMax] * kPageBytes);
    };
    for (auto rows = series.longer.read(history_.impl_->room.blocks); rows.next();)
        add_row(rows.row().tick, rows.row().values);
    if (series.open.number != 0) add_row(series.open.number, series.open.row());
}

void PeakReader::take(std::vector<Peak>& out) {
    out.assign(steps_.count, {});
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const Peak& slot = slots_[i];
        if (!slot.any) continue;
        Peak& peak = out[step_of_[i]];
        peak.cpu = std::max(peak.cpu, slot.cpu);
        peak.memory = std::max(peak.memory, slot.memory);
        peak.any = true;
    }
    std::fill(slots_.begin(), slots_.end(), Peak{});
}

}  // namespace storage::history
