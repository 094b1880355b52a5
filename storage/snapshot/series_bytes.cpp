// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshot/series_bytes.hpp"

#include "storage/history/precision.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace storage::snapshot {
namespace {

using history::kNowhere;
using history::OpenBucket;
using history::Series;
using history::SwapSeries;
using history::Tick;
using history::Track;

constexpr std::uint64_t kAny = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kMostCode = history::cpu_code(kAny);
constexpr std::uint64_t kMostPages = history::pages(kAny);
constexpr std::uint64_t kMostTicks = std::numeric_limits<std::uint32_t>::max();

// What the columns of each kind of track hold at most.
template <std::size_t N, class Sum>
struct Columns;
template <>
struct Columns<2, history::SumOfUnits> {
    static constexpr std::array<std::uint64_t, 2> kMost{kMostCode, kMostPages};
};
template <>
struct Columns<5, history::SumOfFirst> {
    static constexpr std::array<std::uint64_t, 5> kMost{kAny, kMostTicks, kMostCode, kMostPages, kMostPages};
};
template <>
struct Columns<1, history::SumOfFirst> {
    static constexpr std::array<std::uint64_t, 1> kMost{kMostPages};
};
template <>
struct Columns<2, history::SumOfFirst> {
    static constexpr std::array<std::uint64_t, 2> kMost{kMostPages, kMostPages};
};

// A row is a number (twice the distance in ticks, and 1 if a life begins), when the life began, if it does,
// and the distances of the columns. The first row of a life that is older tells what was missed before it,
// when the life began and what it had. 0: no more rows.
template <std::size_t N, class Sum>
void put_track(Bytes& bytes, const Track<N, Sum>& track, const history::Blocks& blocks,
               const history::TickClock& clock, Tick first) {
    std::array<std::uint64_t, N> values{};
    history::Seconds before = 0;
    std::uint32_t life = 0;
    for (auto rows = track.read(blocks); rows.next();) {
        const auto& row = rows.row();
        const bool new_life = row.life != life;
        life = row.life;
        const history::Seconds at = clock.since_epoch(row.tick);
        if (row.tick < first || at <= 0) continue;
        bytes.put(static_cast<std::uint64_t>(at - before) << 1 | (new_life ? 1 : 0));
        if (new_life) {
            bytes.put(row.started);
        } else if (before == 0) {
            const auto missed = static_cast<Tick>(std::min<history::Seconds>(row.missed, at - 1));
            bytes.put(missed);
            bytes.put(row.started);
            bytes.put(row.total - Sum::of(row.values[0], missed));
        }
        for (std::size_t i = 0; i < N; ++i) {
            bytes.put_signed(static_cast<std::int64_t>(row.values[i] - values[i]));
            values[i] = row.values[i];
        }
        before = at;
    }
    bytes.put(std::uint64_t{0});
}

__extension__ using Wide = unsigned __int128;

// In ticks of another length.
std::uint64_t rescaled(std::uint64_t total, const SeriesTarget& target) {
    return static_cast<std::uint64_t>(static_cast<Wide>(total) * static_cast<Wide>(target.told_tick) /
                                      static_cast<Wide>(target.tick));
}

// The mean, which is growth over covered ticks, stays as it is.
void rescale(std::uint64_t& growth, std::uint64_t& covered, const SeriesTarget& target) {
    if (target.told_tick == target.tick) return;
    const Wide ticks = (static_cast<Wide>(covered) * static_cast<Wide>(target.told_tick) +
                        static_cast<Wide>(target.tick) / 2) /
                       static_cast<Wide>(target.tick);
    const auto now = static_cast<std::uint64_t>(std::clamp<Wide>(ticks, 1, kMostTicks));
    growth =
        static_cast<std::uint64_t>(static_cast<Wide>(growth) * now / std::max<std::uint64_t>(covered, 1));
    covered = now;
}

// Rows between first and last go to the track; null: none does.
template <std::size_t N, class Sum>
class TrackFiller {
  public:
    TrackFiller(Track<N, Sum>* track, SeriesTarget& target, Tick first, Tick last)
        : track_{track}, target_{target}, first_{first}, last_{last} {}

    // Empties the track when the bytes are wrong.
    void fill(BytesReader& bytes) {
        while (take_row(bytes)) {
        }
        if (bytes.failed() && track_ != nullptr) track_->clear(blocks());
    }

  private:
    history::Blocks& blocks() { return target_.room.blocks; }

    bool take_row(BytesReader& bytes) {
        const std::uint64_t code = bytes.number();
        if (code == 0) return false;
        const std::uint64_t distance = code >> 1;
        if (distance == 0 || distance > last_ - at_) return bytes.fail() != 0;
        const bool is_first = at_ == 0;
        const bool new_life = (code & 1) != 0;
        at_ += static_cast<Tick>(distance);
        auto missed = static_cast<Tick>(new_life || is_first ? 0 : distance - 1);
        if (new_life) {
            started_ = bytes.number();
            total_ = 0;
        } else if (is_first) {
            missed = static_cast<Tick>(bytes.number(at_ - 1));
            started_ = bytes.number();
            total_ = bytes.number();
            if constexpr (N == 5) {
                if (target_.told_tick != target_.tick) total_ = rescaled(total_, target_);
            }
        }
        for (std::size_t i = 0; i < N; ++i) {
            told_[i] += static_cast<std::uint64_t>(bytes.signed_number());
            if (told_[i] > Columns<N, Sum>::kMost[i]) bytes.fail();
        }
        if (bytes.failed()) return false;
        append(missed, new_life);
        return true;
    }

    void append(Tick missed, bool new_life) {
        std::array<std::uint64_t, N> values = told_;
        if constexpr (N == 5)
            rescale(values[history::column::kGrowth], values[history::column::kCovered], target_);
        const std::uint64_t before = total_;
        total_ += Sum::of(values[0], missed);
        if (track_ == nullptr || at_ < first_) return;
        if (blocks().free() < history::kPutBlocks + history::kLeadBlocks<N>) {
            track_->clear(blocks());
            track_ = nullptr;
            ++target_.refused;
            return;
        }
        if (track_->empty() && !new_life) track_->begin(blocks(), {at_ - 1 - missed, started_, before});
        track_->append(blocks(), at_, values, new_life ? std::optional{started_} : std::nullopt);
    }

    Track<N, Sum>* track_;
    SeriesTarget& target_;
    Tick first_;
    Tick last_;
    Tick at_ = 0;
    std::uint64_t started_ = 0;
    std::uint64_t total_ = 0;
    std::array<std::uint64_t, N> told_{};
};

void put_open(Bytes& bytes, const OpenBucket& open, const history::TickClock& buckets) {
    const history::Seconds at = open.number == 0 ? 0 : buckets.since_epoch(open.number);
    bytes.put(static_cast<std::uint64_t>(std::max<history::Seconds>(at, 0)));
    if (at <= 0) return;
    bytes.put(open.covered);
    bytes.put(open.growth);
    bytes.put(open.memory_sum);
    bytes.put(open.memory_max);
    bytes.put(open.cpu_max);
    bytes.put(open.rows);
    bytes.put(open.swap_rows);
    bytes.put(open.new_life ? 1U : 0U);
}

OpenBucket take_open(BytesReader& bytes, Tick newest, const SeriesTarget& target) {
    OpenBucket open;
    open.number = static_cast<Tick>(bytes.number(target.last_bucket));
    if (open.number == 0) return {};
    if (open.number <= newest) bytes.fail();
    std::uint64_t covered = bytes.number(kMostTicks);
    open.growth = bytes.number();
    rescale(open.growth, covered, target);
    open.covered = static_cast<std::uint32_t>(covered);
    open.memory_sum = bytes.number();
    open.memory_max = bytes.number();
    open.cpu_max = static_cast<std::uint16_t>(bytes.number(kMostCode));
    open.rows = static_cast<std::uint16_t>(bytes.number(UINT16_MAX));
    open.swap_rows = static_cast<std::uint16_t>(bytes.number(open.rows));
    open.new_life = bytes.flag();
    if (open.rows == 0) bytes.fail();
    return bytes.failed() ? OpenBucket{} : open;
}

// A tick by wall time; one before all times is the first.
void put_tick(Bytes& bytes, const history::TickClock& clock, Tick tick) {
    bytes.put(static_cast<std::uint64_t>(std::max<history::Seconds>(clock.since_epoch(tick), 1)));
}

// 0, or 1 and since when, and up to where if there are tracks.
void put_zeros(Bytes& bytes, const Series& series, const SwapSeries* swap, const SeriesSource& source) {
    bytes.put(series.zeros_from == 0 ? 0U : 1U);
    if (series.zeros_from == 0) return;
    put_tick(bytes, source.ticks, series.zeros_from);
    put_tick(bytes, source.buckets, series.zero_buckets_from);
    if (swap == nullptr) return;
    put_tick(bytes, source.ticks, swap->zeros_to);
    put_tick(bytes, source.buckets, swap->zero_buckets_to);
}

void put_swap(Bytes& bytes, const Series& series, const SeriesSource& source) {
    const SwapSeries* const swap = series.swap == kNowhere ? nullptr : &source.room.swaps[series.swap];
    bytes.put(swap == nullptr ? 0U : 1U);
    put_zeros(bytes, series, swap, source);
    if (swap == nullptr) return;
    put_track(bytes, swap->recent, source.room.blocks, source.ticks, source.first_tick);
    put_track(bytes, swap->longer, source.room.blocks, source.buckets, source.first_bucket);
    bytes.put(swap->sum);
    bytes.put(swap->max);
}

// The tier of ticks is left out when those were others.
template <std::size_t N, class Sum>
void take_recent(BytesReader& bytes, Track<N, Sum>* track, SeriesTarget& target) {
    const bool same = target.told_tick == target.tick;
    TrackFiller<N, Sum>{same ? track : nullptr, target, target.first_tick, target.last_tick}.fill(bytes);
}

template <std::size_t N, class Sum>
void take_longer(BytesReader& bytes, Track<N, Sum>* track, SeriesTarget& target) {
    TrackFiller<N, Sum>{track, target, target.first_bucket, target.last_bucket}.fill(bytes);
}

// Of ticks of another length the rows were left out, and the zeros go on with the next.
Tick take_tick(BytesReader& bytes, const SeriesTarget& target) {
    const std::uint64_t tick = bytes.number(kMostTicks);
    if (tick == 0) bytes.fail();
    return target.told_tick == target.tick ? static_cast<Tick>(tick) : target.last_tick + 1;
}

Tick take_bucket(BytesReader& bytes) {
    const std::uint64_t bucket = bytes.number(kMostTicks);
    if (bucket == 0) bytes.fail();
    return static_cast<Tick>(bucket);
}

void take_swap(BytesReader& bytes, Series* series, SeriesTarget& target) {
    const bool has_tracks = bytes.flag();
    SwapSeries* swap = nullptr;
    if (has_tracks && series != nullptr) {
        series->swap = target.room.swaps.add({});
        swap = &target.room.swaps[series->swap];
    }
    if (bytes.flag()) {
        const Tick from = take_tick(bytes, target);
        const Tick from_bucket = take_bucket(bytes);
        if (series != nullptr) series->zeros_from = from;
        if (series != nullptr) series->zero_buckets_from = from_bucket;
        const Tick to = has_tracks ? take_tick(bytes, target) : 0;
        const Tick to_bucket = has_tracks ? take_bucket(bytes) : 0;
        if (swap != nullptr) swap->zeros_to = to;
        if (swap != nullptr) swap->zero_buckets_to = to_bucket;
    }
    if (!has_tracks) return;
    take_recent(bytes, swap == nullptr ? nullptr : &swap->recent, target);
    take_longer(bytes, swap == nullptr ? nullptr : &swap->longer, target);
    const std::uint64_t sum = bytes.number();
    const std::uint64_t max = bytes.number();
    if (bytes.failed() || swap == nullptr) return;
    swap->sum = sum;
    swap->max = max;
}

}  // namespace

void put_series(Bytes& bytes, const Series& series, const SeriesSource& source) {
    bytes.put(series.started);
    put_track(bytes, series.recent, source.room.blocks, source.ticks, source.first_tick);
    put_track(bytes, series.longer, source.room.blocks, source.buckets, source.first_bucket);
    put_open(bytes, series.open, source.buckets);
    put_swap(bytes, series, source);
}

bool take_series(BytesReader& bytes, Series* series, SeriesTarget& target) {
    Series taken;
    Series* const to = series == nullptr ? nullptr : &taken;
    taken.started = bytes.number();
    take_recent(bytes, to == nullptr ? nullptr : &to->recent, target);
    take_longer(bytes, to == nullptr ? nullptr : &to->longer, target);
    taken.open = take_open(bytes, taken.longer.newest(), target);
    take_swap(bytes, to, target);
    if (to != nullptr && bytes.failed()) history::clear(taken, target.room);
    if (series != nullptr) *series = taken;
    return !bytes.failed();
}

}  // namespace storage::snapshot
