// SPDX-License-Identifier: Apache-2.0
#include "storage/history/series.hpp"

#include "storage/history/precision.hpp"

#include <algorithm>

namespace storage::history {
namespace {

// Whether figures belong to another life than those before. Numbers that two different objects of a name had
// may be alike; a start that is not known says nothing.
bool begins_life(const Series& series, Life life) {
    if (series.recent.empty()) return true;
    const bool both_known = series.started != 0 && life.started != 0;
    if (both_known && series.started != life.started) return true;
    return series.life != Series::kUnknownLife && series.life != life.number;
}

// The zeros end with `tick`, if there are any.
SwapSeries& tracks_of_swap(Series& series, SeriesRoom& room, Tick tick, Tick bucket) {
    if (series.swap == kNowhere) {
        series.swap = room.swaps.add({});
        room.swaps[series.swap].zeros_to = tick;
        room.swaps[series.swap].zero_buckets_to = bucket;
    }
    return room.swaps[series.swap];
}

void put_swap(Series& series, SeriesRoom& room, Tick tick, Tick bucket, std::optional<std::uint64_t> bytes) {
    const bool is_plain = series.swap == kNowhere;
    if (!bytes) {
        if (is_plain && series.zeros_from != 0) tracks_of_swap(series, room, tick, bucket);
        return;
    }
    ++series.open.swap_rows;
    if (is_plain && *bytes == 0) {
        if (series.zeros_from != 0) return;
        series.zeros_from = tick;
        series.zero_buckets_from = bucket;
        return;
    }
    SwapSeries& swap = tracks_of_swap(series, room, tick, bucket);
    const auto new_life = swap.recent.empty() ? std::optional<std::uint64_t>{0} : std::nullopt;
    swap.recent.append(room.blocks, tick, {pages(*bytes)}, new_life);
    swap.sum += *bytes;
    swap.max = std::max(swap.max, *bytes);
}

void close_swap(const Series& series, SeriesRoom& room) {
    if (series.swap == kNowhere) return;
    SwapSeries& swap = room.swaps[series.swap];
    if (const auto row = open_swap(series, &swap)) {
        const auto new_life = swap.longer.empty() ? std::optional<std::uint64_t>{0} : std::nullopt;
        swap.longer.append(room.blocks, series.open.number, *row, new_life);
    }
    swap.sum = swap.max = 0;
}

}  // namespace

std::array<std::uint64_t, 5> OpenBucket::row() const {
    return {growth, covered, cpu_max, pages(memory_sum / rows), pages(memory_max)};
}

std::optional<std::array<std::uint64_t, 2>> open_swap(const Series& series, const SwapSeries* swap) {
    if (series.open.swap_rows == 0) return std::nullopt;
    if (swap == nullptr) return std::array<std::uint64_t, 2>{};
    return std::array{pages(swap->sum / series.open.swap_rows), pages(swap->max)};
}

void put(Series& series, SeriesRoom& room, Tick tick, Tick bucket, const Figures& figures, Life life) {
    if (series.open.number != bucket) close_bucket(series, room, bucket);
    const std::uint64_t code = cpu_code(figures.cpu);
    const std::uint64_t units = cpu_units(code);
    OpenBucket& open = series.open;
    const bool new_life = begins_life(series, life) || series.recent.newest() < room.lives_from;
    // What was missed of a life was used, too.
    const Tick ticks = new_life ? 1 : tick - series.recent.newest();
    series.recent.append(room.blocks, tick, {code, pages(figures.memory)},
                         new_life ? std::optional{life.started} : std::nullopt);
    series.life = life.number;
    series.started = life.started;
    if (new_life) {
        open.growth = 0;
        open.covered = 0;
        open.new_life = true;
    }
    open.number = bucket;
    open.growth += units * ticks;
    open.covered += ticks;
    open.cpu_max = std::max(open.cpu_max, static_cast<std::uint16_t>(code));
    open.memory_sum += figures.memory;
    open.memory_max = std::max(open.memory_max, figures.memory);
    ++open.rows;
    put_swap(series, room, tick, bucket, figures.swap);
}

void close_bucket(Series& series, SeriesRoom& room, Tick bucket) {
    OpenBucket& open = series.open;
    if (open.number == 0 || open.number >= bucket) return;
    const bool new_life = open.new_life || series.longer.empty();
    series.longer.append(room.blocks, open.number, open.row(),
                         new_life ? std::optional{series.started} : std::nullopt);
    close_swap(series, room);
    open = {};
}

void drop_before(Series& series, SeriesRoom& room, Tick tick, Tick bucket) {
    series.recent.drop_before(room.blocks, tick);
    series.longer.drop_before(room.blocks, bucket);
    if (series.swap == kNowhere) return;
    SwapSeries& swap = room.swaps[series.swap];
    swap.recent.drop_before(room.blocks, tick);
    swap.longer.drop_before(room.blocks, bucket);
    if (!swap.empty() || series.open.swap_rows != 0) return;
    if (swap.zeros_to > tick || swap.zero_buckets_to > bucket) return;
    room.swaps.remove(series.swap);
    series.swap = kNowhere;
    series.zeros_from = series.zero_buckets_from = 0;
}

void clear(Series& series, SeriesRoom& room) {
    series.recent.clear(room.blocks);
    series.longer.clear(room.blocks);
    if (series.swap != kNowhere) {
        SwapSeries& swap = room.swaps[series.swap];
        swap.recent.clear(room.blocks);
        swap.longer.clear(room.blocks);
        room.swaps.remove(series.swap);
    }
    series = {};
}

}  // namespace storage::history
