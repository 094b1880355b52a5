// SPDX-License-Identifier: Apache-2.0
// The readers' side of history.
#include "storage/history/history_impl.hpp"
#include "storage/history/precision.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace storage::history {
namespace {

constexpr double kNanosPerSecond = 1e9;

double cpu_seconds(std::uint64_t units_by_ticks, Seconds tick) {
    return static_cast<double>(units_by_ticks) * (kUnitNanocores / kNanosPerSecond) *
           static_cast<double>(tick);
}

struct Ticks {
    Tick from = 0;
    Tick to = 0;
};

// Rows of swap beside those of a series, asked for in the order of time.
template <std::size_t N>
class SwapRows {
  public:
    // `zeros`: rows of zeros that are not in the track, but for the last.
    SwapRows(std::optional<TrackReader<N, SumOfFirst>> reader, Ticks zeros) : reader_{reader}, zeros_{zeros} {
        if (reader_ && !reader_->next()) reader_.reset();
    }
    // Null: there is none for the tick.
    const std::array<std::uint64_t, N>* at(Tick tick) {
        static constexpr std::array<std::uint64_t, N> kZeros{};
        if (tick >= zeros_.from && tick < zeros_.to) return &kZeros;
        while (reader_ && reader_->row().tick < tick)
            if (!reader_->next()) reader_.reset();
        return reader_ && reader_->row().tick == tick ? &reader_->row().values : nullptr;
    }

  private:
    std::optional<TrackReader<N, SumOfFirst>> reader_;
    Ticks zeros_;
};

// From a tick on; up to `to` when there is swap of another kind. from == 0: none.
Ticks zeros(Tick from, bool ended, Tick to) {
    return from == 0 ? Ticks{} : Ticks{from, ended ? to : std::numeric_limits<Tick>::max()};
}

SwapRows<1> recent_swap(const Series& series, const SeriesRoom& room) {
    if (series.swap == kNowhere) return {std::nullopt, zeros(series.zeros_from, false, 0)};
    const SwapSeries& swap = room.swaps[series.swap];
    return {swap.recent.read(room.blocks), zeros(series.zeros_from, true, swap.zeros_to)};
}

SwapRows<2> long_swap(const Series& series, const SeriesRoom& room) {
    if (series.swap == kNowhere) return {std::nullopt, zeros(series.zero_buckets_from, false, 0)};
    const SwapSeries& swap = room.swaps[series.swap];
    return {swap.longer.read(room.blocks), zeros(series.zero_buckets_from, true, swap.zero_buckets_to)};
}

// What a walk over one series needs to know.
struct Reading {
    const History::Impl& history;
    Ticks range;
    Seconds tick_length;
};

// Visits the rows of the range.
template <class Visit>
void walk_rows(const Series& series, const Reading& reading, Visit visit) {
    for (auto rows = series.recent.read(reading.history.room.blocks); rows.next();) {
        const auto& row = rows.row();
        if (row.tick > reading.range.to) return;
        if (row.tick >= reading.range.from) visit(row);
    }
}

void read_series(const Series& series, const Reading& reading, std::vector<RecentPoint>& out) {
    const History::Impl& history = reading.history;
    SwapRows<1> swaps = recent_swap(series, history.room);
    walk_rows(series, reading, [&](const TrackRow<2>& row) {
        RecentPoint& point = out.emplace_back();
        point.at = history.ticks.time(row.tick);
        point.cpu = nanocores(row.values[0]);
        point.memory = row.values[1] * kPageBytes;
        point.cpu_seconds = cpu_seconds(row.total, reading.tick_length);
        point.started = static_cast<std::int64_t>(row.started);
        if (const auto* swap = swaps.at(row.tick)) point.swap = (*swap)[0] * kPageBytes;
    });
}

void read_series(const Series& series, const Reading& reading, Figure figure, std::vector<FigurePoint>& out) {
    const TickClock& ticks = reading.history.ticks;
    const auto read = [&](auto value_of) {
        walk_rows(series, reading, [&](const TrackRow<2>& row) {
            out.push_back({ticks.time(row.tick), value_of(row)});
        });
    };
    if (figure == Figure::memory)
        read([](const TrackRow<2>& row) { return static_cast<double>(row.values[1] * kPageBytes); });
    else
        read([&](const TrackRow<2>& row) { return cpu_seconds(row.total, reading.tick_length); });
}

LongPoint long_point(const History::Impl& history, Tick bucket, const std::array<std::uint64_t, 5>& values) {
    LongPoint point;
    point.at = history.buckets.time(bucket);
    point.cpu =
        values[column::kGrowth] * kUnitNanocores / std::max<std::uint64_t>(values[column::kCovered], 1);
    point.cpu_max = nanocores(values[column::kCpuMax]);
    point.memory = values[column::kMemoryMean] * kPageBytes;
    point.memory_max = values[column::kMemoryMax] * kPageBytes;
    return point;
}

template <class Values>
void set_swap(LongPoint& point, const Values& values) {
    point.swap = values[0] * kPageBytes;
    point.swap_max = values[1] * kPageBytes;
}

void read_series(const Series& series, const Reading& reading, std::vector<LongPoint>& out) {
    const History::Impl& history = reading.history;
    const Blocks& blocks = history.room.blocks;
    SwapRows<2> swaps = long_swap(series, history.room);
    const auto is_in = [&](Tick bucket) {
        return bucket >= reading.range.from && bucket <= reading.range.to;
    };
    std::uint64_t total = 0;
    for (auto rows = series.longer.read(blocks); rows.next();) {
        const auto& row = rows.row();
        total = row.total;
        if (!is_in(row.tick)) continue;
        LongPoint point = long_point(history, row.tick, row.values);
        point.cpu_seconds = cpu_seconds(row.total, reading.tick_length);
        point.started = static_cast<std::int64_t>(row.started);
        if (const auto* swap = swaps.at(row.tick)) set_swap(point, *swap);
        out.push_back(point);
    }
    // A bucket that is over and not written yet.
    const OpenBucket& open = series.open;
    if (open.number == 0 || !is_in(open.number)) return;
    const auto values = open.row();
    LongPoint point = long_point(history, open.number, values);
    point.cpu_seconds =
        cpu_seconds((open.new_life ? 0 : total) + values[column::kGrowth], reading.tick_length);
    point.started = static_cast<std::int64_t>(series.started);
    const SwapSeries* const swap = series.swap == kNowhere ? nullptr : &history.room.swaps[series.swap];
    if (const auto pages = open_swap(series, swap)) set_swap(point, *pages);
    out.push_back(point);
}

void add(std::optional<std::uint64_t>& sum, const std::optional<std::uint64_t>& more) {
    if (more) sum = sum.value_or(0) + *more;
}

void add(RecentPoint& sum, const RecentPoint& more) {
    sum.cpu += more.cpu;
    sum.memory += more.memory;
    sum.cpu_seconds += more.cpu_seconds;
    sum.started = 0;
    add(sum.swap, more.swap);
}

void add(LongPoint& sum, const LongPoint& more) {
    sum.cpu += more.cpu;
    sum.cpu_max += more.cpu_max;
    sum.memory += more.memory;
    sum.memory_max += more.memory_max;
    sum.cpu_seconds += more.cpu_seconds;
    sum.started = 0;
    add(sum.swap, more.swap);
    add(sum.swap_max, more.swap_max);
}

// Points of several series become their sums.
template <class Point>
void sum_up(std::vector<Point>& points) {
    std::stable_sort(points.begin(), points.end(),
                     [](const Point& a, const Point& b) { return a.at < b.at; });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        if (points[i].at == points[kept].at)
            add(points[kept], points[i]);
        else
            points[++kept] = points[i];
    }
    if (!points.empty()) points.resize(kept + 1);
}

const Series* find(const History::Impl& history, OfCluster) {
    return &history.cluster;
}

const Series* find(const History::Impl& history, OfNamespace wanted) {
    const std::uint32_t at = history.catalog.find_namespace(wanted.name);
    return at == kNowhere ? nullptr : &history.catalog.namespaces[at].series;
}

const Series* find(const History::Impl& history, OfNode wanted) {
    const std::uint32_t at = history.catalog.find_node(wanted.name);
    return at == kNowhere ? nullptr : &history.catalog.nodes[at].series;
}

const Series* find(const History::Impl& history, const OfContainer& wanted) {
    const Catalog& catalog = history.catalog;
    const std::uint32_t pod = catalog.find_pod(wanted.name_space, wanted.pod);
    if (pod == kNowhere) return nullptr;
    const std::uint32_t at = catalog.find_container(pod, wanted.name);
    return at == kNowhere ? nullptr : &catalog.containers[at].series;
}

// False: nothing is kept of it.
bool introduce(const Catalog& catalog, const PodEntry& pod, KnownPod& out) {
    out.name_space = catalog.namespaces[pod.name_space].name;
    out.name = pod.name();
    out.node = pod.node == kNowhere ? std::string_view{} : catalog.nodes[pod.node].name;
    out.containers.clear();
    for (std::uint32_t each = pod.first; each != kNowhere; each = catalog.containers[each].next) {
        if (!catalog.containers[each].series.empty())
            out.containers.push_back(catalog.containers[each].name.text());
    }
    return !out.containers.empty();
}

template <class Point>
void read_subject(const Subject& subject, const Reading& reading, std::vector<Point>& out) {
    const History::Impl& history = reading.history;
    out.clear();
    if (reading.range.from > reading.range.to) return;
    const auto read_one = [&](const auto& wanted) {
        if constexpr (std::is_same_v<std::decay_t<decltype(wanted)>, OfPod>) {
            const std::uint32_t pod = history.catalog.find_pod(wanted.name_space, wanted.name);
            if (pod == kNowhere) return;
            const std::uint32_t first = history.catalog.pods[pod].first;
            for (std::uint32_t at = first; at != kNowhere; at = history.catalog.containers[at].next)
                read_series(history.catalog.containers[at].series, reading, out);
            if (first != kNowhere && history.catalog.containers[first].next != kNowhere) sum_up(out);
        } else if (const Series* series = find(history, wanted)) {
            read_series(*series, reading, out);
        }
    };
    std::visit(read_one, subject);
}

Ticks recent_ticks(const History::Impl& history, TimeRange range) {
    return {std::max(history.ticks.at_or_after(range.from), history.first_tick),
            std::min(history.ticks.at_or_before(range.to), history.over)};
}

}  // namespace

void History::read(const Subject& subject, TimeRange range, std::vector<RecentPoint>& out) const {
    read_subject(subject, {*impl_, recent_ticks(*impl_, range), impl_->ticks.length()}, out);
}

void History::read(const Subject& subject, TimeRange range, std::vector<LongPoint>& out) const {
    const Impl& impl = *impl_;
    const Ticks ticks{std::max(impl.buckets.at_or_after(range.from), impl.first_bucket),
                      std::min(impl.buckets.at_or_before(range.to), impl.last_bucket())};
    read_subject(subject, {impl, ticks, impl.ticks.length()}, out);
}

void History::read(const Subject& subject, TimeRange range, Figure figure,
                   std::vector<FigurePoint>& out) const {
    const Impl& impl = *impl_;
    out.clear();
    const Ticks ticks = recent_ticks(impl, range);
    if (ticks.from > ticks.to) return;
    const auto read_one = [&](const auto& wanted) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(wanted)>, OfPod>) {
            if (const Series* series = find(impl, wanted))
                read_series(*series, {impl, ticks, impl.ticks.length()}, figure, out);
        }
    };
    std::visit(read_one, subject);
}

bool History::pod(std::string_view name_space, std::string_view name, KnownPod& out) const {
    const std::uint32_t at = impl_->catalog.find_pod(name_space, name);
    return at != kNowhere && introduce(impl_->catalog, impl_->catalog.pods[at], out);
}

bool History::has_node(std::string_view name) const {
    const std::uint32_t at = impl_->catalog.find_node(name);
    return at != kNowhere && !impl_->catalog.nodes[at].series.empty();
}

void History::walk_nodes(std::string_view after, const std::function<bool(std::string_view)>& visit) const {
    const auto& places = impl_->catalog.nodes_by_name();
    for (auto at = places.upper_bound(after); at != places.end(); ++at) {
        if (!impl_->catalog.nodes[at->second].series.empty() && !visit(at->first)) return;
    }
}

void History::walk_namespaces(std::string_view after,
                              const std::function<bool(std::string_view)>& visit) const {
    const auto& places = impl_->catalog.namespaces_by_name();
    for (auto at = places.upper_bound(after); at != places.end(); ++at) {
        if (!impl_->catalog.namespaces[at->second].series.empty() && !visit(at->first)) return;
    }
}

void History::walk_pods(std::string_view name_space, std::string_view after_namespace,
                        std::string_view after_pod, const std::function<bool(const KnownPod&)>& visit) const {
    const Catalog& catalog = impl_->catalog;
    const bool all = name_space.empty();
    const auto& places = catalog.namespaces_by_name();
    KnownPod row;
    for (auto at = places.lower_bound(all ? after_namespace : std::max(name_space, after_namespace));
         at != places.end() && (all || at->first == name_space); ++at) {
        const NamespaceEntry& entry = catalog.namespaces[at->second];
        for (std::size_t i = at->first == after_namespace ? catalog.first_after(entry, after_pod) : 0;
             i < entry.pods.size(); ++i) {
            if (introduce(catalog, catalog.pods[entry.pods[i]], row) && !visit(row)) return;
        }
    }
}

}  // namespace storage::history
