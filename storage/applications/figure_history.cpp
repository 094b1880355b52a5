// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/figure_history.hpp"

#include "storage/history/share.hpp"
#include "storage/history/time.hpp"
#include "storage/history/track.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace storage::applications {
namespace {

using history::Tick;
using Track = history::Track<1, history::SumOfFirst>;
using TextPair = std::pair<std::string, std::string>;
using ViewPair = std::pair<std::string_view, std::string_view>;

struct ByText {
    using is_transparent = void;
    static ViewPair view(const TextPair& pair) { return {pair.first, pair.second}; }
    static ViewPair view(ViewPair pair) { return pair; }
    bool operator()(const auto& a, const auto& b) const { return view(a) < view(b); }
};

// A metric and a selector, and how many series are of it: thousands of pods have the same.
using Meanings = std::map<TextPair, std::size_t, ByText>;

struct Series {
    Meanings::iterator meaning;
    Track track;
};

// By namespace and name.
using Pods = std::map<TextPair, std::vector<Series>, ByText>;

// What an entry of a map takes beside its texts: links, and what lies around a block; and a series in a
// vector with some to spare.
constexpr std::size_t kEntryBytes = sizeof(Pods::value_type) + 64;
constexpr std::size_t kSeriesBytes = sizeof(Series) * 3 / 2;
// Of all memory: what names and the beginnings of series have at least. An hour of points takes some four
// times that.
constexpr std::size_t kShareOfNames = 4;
// Blocks come in slabs.
constexpr std::size_t kSlab = 64 * 1024;
// What a point, or forgetting some, may take.
constexpr std::size_t kPutBlocks = history::kRowBlocks<1> + history::kLeadBlocks<1>;
// In each call of tend(), of all pods.
constexpr std::size_t kLeastTended = 64;
constexpr std::size_t kTendedShare = 8;
// Ticks that are kept however short memory is.
constexpr Tick kLeastKept = 2;

std::size_t bytes_of(const TextPair& pair) {
    return kEntryBytes + pair.first.size() + pair.second.size();
}

bool is_of(const Series& series, const KnownFigure& figure) {
    return ByText::view(series.meaning->first) == ViewPair{figure.metric, figure.selector};
}

}  // namespace

struct FigureHistory::Impl {
    explicit Impl(FigureHistoryOptions given)
        : options{given}, ticks{given.resolution.count()}, kept{window()} {
        const std::size_t most = given.memory - given.memory / kShareOfNames;
        blocks.set_limit(most / kSlab * kSlab / sizeof(history::Block));
    }
    // In ticks.
    Tick window() const {
        return std::max(static_cast<Tick>(options.window / options.resolution), kLeastKept);
    }

    const Series* find(const PodKey& pod, const KnownFigure& figure) const;
    // Null: there is no room.
    Series* find_or_add(const PodKey& pod, const KnownFigure& figure);
    bool has_room(const KnownFigure& figure) const;
    void adapt_reach();
    void tend(std::vector<Series>& of_pod);
    void leave(Meanings::iterator meaning);

    const FigureHistoryOptions options;
    history::TickClock ticks;
    history::Blocks blocks;
    Meanings meanings;
    Pods pods;
    std::size_t series = 0;
    // But for blocks.
    std::size_t names_bytes = 0;
    // The last tick, of how many series it has figures, and the first that is kept.
    Tick tick = 0;
    std::size_t told = 0;
    Tick first = 0;
    Tick first_ever = 0;
    // How many ticks fit, and how many pods are yet to be seen to since there were fewer.
    Tick kept;
    std::size_t unseen = 0;
    // The pod that was tended last.
    TextPair tended;
    bool was_refused = false;
    std::uint64_t refused_series = 0;
    std::uint64_t refused_points = 0;
};

const Series* FigureHistory::Impl::find(const PodKey& pod, const KnownFigure& figure) const {
    const auto at = pods.find(ViewPair{pod.name_space, pod.name});
    if (at == pods.end()) return nullptr;
    const auto found = std::find_if(at->second.begin(), at->second.end(),
                                    [&](const Series& each) { return is_of(each, figure); });
    return found == at->second.end() ? nullptr : &*found;
}

bool FigureHistory::Impl::has_room(const KnownFigure& figure) const {
    // Names of pods are short.
    const std::size_t most = 3 * kEntryBytes + figure.metric.size() + figure.selector.size() + kSeriesBytes;
    const std::size_t names = names_bytes + most;
    return figure.selector.size() <= options.selector_bytes &&
           names + blocks.limit() * sizeof(history::Block) <= options.memory;
}

Series* FigureHistory::Impl::find_or_add(const PodKey& pod, const KnownFigure& figure) {
    auto at = pods.find(ViewPair{pod.name_space, pod.name});
    if (at != pods.end())
        for (Series& each : at->second)
            if (is_of(each, figure)) return &each;
    if (!has_room(figure)) {
        ++refused_series;
        was_refused = true;
        return nullptr;
    }
    if (at == pods.end()) {
        at = pods.try_emplace({std::string{pod.name_space}, std::string{pod.name}}).first;
        names_bytes += bytes_of(at->first);
    }
    auto meaning = meanings.find(ViewPair{figure.metric, figure.selector});
    if (meaning == meanings.end()) {
        meaning = meanings.try_emplace({std::string{figure.metric}, std::string{figure.selector}}, 0U).first;
        names_bytes += bytes_of(meaning->first);
    }
    ++meaning->second;
    ++series;
    names_bytes += kSeriesBytes;
    at->second.push_back({meaning, {}});
    return &at->second.back();
}

void FigureHistory::Impl::leave(Meanings::iterator meaning) {
    --series;
    names_bytes -= kSeriesBytes;
    if (--meaning->second > 0) return;
    names_bytes -= bytes_of(meaning->first);
    meanings.erase(meaning);
}

void FigureHistory::Impl::adapt_reach() {
    // What was cut is free when all have been seen to.
    if (unseen == 0) {
        // Those that have ended make room for others when the reach is cut; there is none to gain by it
        // otherwise.
        const bool makes_room = was_refused && (series - std::min(told, series)) * 16 > series;
        if (history::Share::is_short(blocks, kPutBlocks) || makes_room) {
            const Tick there = std::min(kept, tick - first_ever + 1);
            kept = std::max(there - std::max<Tick>(there / 16, 1), kLeastKept);
            unseen = pods.size();
        } else if (kept < window() && blocks.free() > blocks.limit() / 8) {
            ++kept;
        }
    }
    was_refused = false;
    first = std::max(first, tick + 1 - std::min(kept, tick + 1));
}

void FigureHistory::Impl::tend(std::vector<Series>& of_pod) {
    std::erase_if(of_pod, [this](Series& each) {
        // What is dropped whole needs no block.
        if (each.track.newest() < first)
            each.track.clear(blocks);
        else if (blocks.free() >= kPutBlocks)
            each.track.drop_before(blocks, first);
        if (!each.track.empty()) return false;
        leave(each.meaning);
        return true;
    });
}

FigureHistory::FigureHistory(FigureHistoryOptions options) : impl_{std::make_unique<Impl>(options)} {}
FigureHistory::~FigureHistory() = default;

const FigureHistoryOptions& FigureHistory::options() const {
    return impl_->options;
}

FigureHistoryStats FigureHistory::stats() const {
    const Impl& impl = *impl_;
    FigureHistoryStats stats;
    stats.series = impl.series;
    stats.block_bytes = impl.blocks.bytes();
    stats.bytes = impl.names_bytes + stats.block_bytes;
    if (impl.tick != 0)
        stats.reach = impl.ticks.time(impl.tick) - impl.ticks.time(std::max(impl.first, impl.first_ever));
    stats.refused_series = impl.refused_series;
    stats.refused_points = impl.refused_points;
    return stats;
}

void FigureHistory::begin_tick(Seconds at) {
    Impl& impl = *impl_;
    impl.tick = impl.ticks.advance(at);
    if (impl.first_ever == 0) impl.first_ever = impl.tick;
    impl.adapt_reach();
    impl.told = 0;
}

void FigureHistory::put(const PodKey& pod, const KnownFigure& figure, std::int64_t milli) {
    Impl& impl = *impl_;
    Series* const series = impl.find_or_add(pod, figure);
    if (series == nullptr || impl.tick <= series->track.newest()) return;
    ++impl.told;
    if (impl.blocks.free() < kPutBlocks) {
        ++impl.refused_points;
        return;
    }
    series->track.append(impl.blocks, impl.tick, {static_cast<std::uint64_t>(milli)}, std::nullopt);
}

Seconds FigureHistory::last() const {
    return impl_->tick == 0 ? 0 : impl_->ticks.time(impl_->tick);
}

bool FigureHistory::tend() {
    Impl& impl = *impl_;
    const std::size_t all = impl.pods.size();
    const std::size_t now = std::min(all, std::max(all / kTendedShare, kLeastTended));
    for (std::size_t i = 0; i < now; ++i) {
        auto at = impl.pods.upper_bound(impl.tended);
        if (at == impl.pods.end()) at = impl.pods.begin();
        impl.tended = at->first;
        impl.tend(at->second);
        if (!at->second.empty()) continue;
        impl.names_bytes -= bytes_of(at->first);
        impl.pods.erase(at);
    }
    impl.unseen -= std::min(impl.unseen, now);
    return impl.unseen > 0;
}

void FigureHistory::figures(const PodKey& pod, std::vector<KnownFigure>& out) const {
    out.clear();
    const auto at = impl_->pods.find(ViewPair{pod.name_space, pod.name});
    if (at == impl_->pods.end()) return;
    for (const Series& each : at->second)
        out.push_back({each.meaning->first.first, each.meaning->first.second});
    std::sort(out.begin(), out.end(), [](const KnownFigure& a, const KnownFigure& b) {
        return ViewPair{a.metric, a.selector} < ViewPair{b.metric, b.selector};
    });
}

void FigureHistory::read(const PodKey& pod, const KnownFigure& figure, history::TimeRange range,
                         std::vector<FigurePoint>& out) const {
    out.clear();
    const Series* const series = impl_->find(pod, figure);
    if (series == nullptr) return;
    const Tick first = std::max(impl_->first, impl_->ticks.at_or_after(range.from));
    const Tick last = impl_->ticks.at_or_before(range.to);
    auto rows = series->track.read(impl_->blocks);
    while (rows.next() && rows.row().tick <= last) {
        if (rows.row().tick < first) continue;
        out.push_back({impl_->ticks.time(rows.row().tick), static_cast<std::int64_t>(rows.row().values[0])});
    }
}

void FigureHistory::visit_pods(std::string_view name_space,
                               const std::function<void(const PodKey&)>& visit) const {
    const Pods& pods = impl_->pods;
    for (auto at = pods.lower_bound(ViewPair{name_space, {}}); at != pods.end(); ++at) {
        if (!name_space.empty() && at->first.first != name_space) return;
        visit({at->first.first, at->first.second});
    }
}

std::vector<std::string> FigureHistory::metric_names() const {
    std::vector<std::string> names;
    for (const auto& [meaning, series] : impl_->meanings)
        if (names.empty() || names.back() != meaning.first) names.push_back(meaning.first);
    return names;
}

bool FigureHistory::has_metric(std::string_view metric) const {
    const auto at = impl_->meanings.lower_bound(ViewPair{metric, {}});
    return at != impl_->meanings.end() && at->first.first == metric;
}

}  // namespace storage::applications
