// SPDX-License-Identifier: Apache-2.0
#include "storage/stats/stats_series.hpp"

#include "storage/history/precision.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace storage::stats {
namespace {

std::uint64_t kept(Number number, Column column) {
    if (!number) return 0;
    return 1 + (column == Column::bytes ? history::pages(*number) : std::min(*number, UINT64_MAX - 1));
}

Number told(std::uint64_t kept, Column column) {
    if (kept == 0) return std::nullopt;
    return column == Column::bytes ? (kept - 1) * history::kPageBytes : kept - 1;
}

// from + (to - from) * part / whole, rounded down. REQUIRES: part <= whole < 2^32.
std::uint64_t between(std::uint64_t from, std::uint64_t to, std::uint64_t part, std::uint64_t whole) {
    const std::uint64_t distance = to - from;
    return from + distance / whole * part + distance % whole * part / whole;
}

template <std::size_t N>
bool fell(const std::array<std::uint64_t, N>& before, const std::array<std::uint64_t, N>& after,
          const Columns<N>& columns) {
    for (std::size_t i = 0; i < N; ++i)
        if (columns[i] == Column::counter && after[i] != 0 && after[i] < before[i]) return true;
    return false;
}

// False: there is no room.
template <std::size_t N>
bool append(Series<N>& series, Blocks& blocks, Tick tick, const std::array<std::uint64_t, N>& values,
            const Pace& pace) {
    if (blocks.free() < kPutBlocks) return false;
    const auto life = [&](bool& begins) {
        const bool is = std::exchange(begins, false);
        return is ? std::optional{static_cast<std::uint64_t>(series.started)} : std::nullopt;
    };
    if (tick > series.recent.newest()) series.recent.append(blocks, tick, values, life(series.begins_recent));
    const Tick bucket = tick / pace.long_ticks;
    if (tick % pace.long_ticks == 0 && bucket > series.longer.newest())
        series.longer.append(blocks, bucket, values, life(series.begins_longer));
    return true;
}

}  // namespace

std::uint64_t most_kept(Column column) {
    return kept(UINT64_MAX, column);
}

template <std::size_t N>
std::size_t put(Series<N>& series, Blocks& blocks, const Columns<N>& columns, const Sample<N>& sample,
                const Pace& pace) {
    if (sample.told != 0 && sample.told == series.told) return 0;
    if (sample.at <= series.at) return 0;
    std::array<std::uint64_t, N> values{};
    for (std::size_t i = 0; i < N; ++i) values[i] = kept(sample.values[i], columns[i]);

    std::size_t refused = 0;
    const bool restarted = sample.started != 0 && series.started != 0 && sample.started != series.started;
    if (series.at == 0 || restarted || fell(series.values, values, columns)) {
        series.begins_recent = series.begins_longer = true;
        series.started = sample.started;
    } else if (sample.at - series.at <= pace.bridge) {
        const auto whole = static_cast<std::uint64_t>(sample.at - series.at);
        for (Seconds tick = series.at / pace.tick + 1; tick * pace.tick <= sample.at; ++tick) {
            const auto part = static_cast<std::uint64_t>(tick * pace.tick - series.at);
            std::array<std::uint64_t, N> row = part == whole ? values : series.values;
            for (std::size_t i = 0; i < N; ++i)
                if (columns[i] == Column::counter)
                    row[i] = values[i] == 0 || series.values[i] == 0
                                 ? 0
                                 : between(series.values[i], values[i], part, whole);
            if (!append(series, blocks, static_cast<Tick>(tick), row, pace)) ++refused;
        }
    }
    series.values = values;
    series.at = sample.at;
    series.told = sample.told;
    if (sample.started != 0) series.started = sample.started;
    return refused;
}

template <std::size_t N>
void drop_before(Series<N>& series, Blocks& blocks, Tick recent, Tick longer) {
    const auto drop = [&](typename Series<N>::Track& track, Tick first) {
        // What is dropped whole needs no block.
        if (track.newest() < first) return track.clear(blocks);
        if (blocks.free() >= kPutBlocks) track.drop_before(blocks, first);
    };
    if (!series.recent.empty()) {
        drop(series.recent, recent);
        if (series.recent.empty()) series.begins_recent = true;
    }
    if (!series.longer.empty()) {
        drop(series.longer, longer);
        if (series.longer.empty()) series.begins_longer = true;
    }
}

template <std::size_t N>
void read(const Series<N>& series, const Blocks& blocks, const Columns<N>& columns, Tier tier,
          const Pace& pace, Tick first, Tick last, std::vector<Row>& out) {
    const Tick step = tier == Tier::recent ? 1 : pace.long_ticks;
    auto rows = (tier == Tier::recent ? series.recent : series.longer).read(blocks);
    while (rows.next()) {
        const auto& row = rows.row();
        const Tick tick = row.tick * step;
        if (tick > last) return;
        if (tick < first) continue;
        Row& to = out.emplace_back();
        to.tick = tick;
        to.started = static_cast<Seconds>(row.started);
        to.life = row.life;
        for (std::size_t i = 0; i < N; ++i) to.values[i] = told(row.values[i], columns[i]);
    }
}

template std::size_t put(Series<2>&, Blocks&, const Columns<2>&, const Sample<2>&, const Pace&);
template std::size_t put(Series<5>&, Blocks&, const Columns<5>&, const Sample<5>&, const Pace&);
template void drop_before(Series<2>&, Blocks&, Tick, Tick);
template void drop_before(Series<5>&, Blocks&, Tick, Tick);
template void read(const Series<2>&, const Blocks&, const Columns<2>&, Tier, const Pace&, Tick, Tick,
                   std::vector<Row>&);
template void read(const Series<5>&, const Blocks&, const Columns<5>&, Tier, const Pace&, Tick, Tick,
                   std::vector<Row>&);

}  // namespace storage::stats
