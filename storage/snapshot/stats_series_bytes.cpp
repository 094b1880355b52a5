// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshot/stats_series_bytes.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace storage::snapshot {
namespace {

using stats::Blocks;
using stats::Columns;
using stats::Seconds;
using stats::Series;
using stats::Tick;

// What stands before the last sample. Bits.
constexpr std::uint64_t kSampled = 1;
constexpr std::uint64_t kBeginsRecent = 2;
constexpr std::uint64_t kBeginsLonger = 4;
constexpr std::uint64_t kMostMarks = 7;

void put_time(Bytes& bytes, Seconds time) {
    bytes.put(static_cast<std::uint64_t>(std::clamp<Seconds>(time, 0, kLastSecond)));
}

Seconds take_time(BytesReader& bytes, Seconds last = kLastSecond) {
    return static_cast<Seconds>(bytes.number(static_cast<std::uint64_t>(last)));
}

template <std::size_t N>
std::uint64_t changed(const std::array<std::uint64_t, N>& before, const std::array<std::uint64_t, N>& now) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < N; ++i) bits |= static_cast<std::uint64_t>(before[i] != now[i]) << i;
    return bits;
}

template <std::size_t N>
void put_values(Bytes& bytes, std::array<std::uint64_t, N>& before, const std::array<std::uint64_t, N>& now,
                std::uint64_t changed) {
    for (std::size_t i = 0; i < N; ++i)
        if ((changed >> i & 1) != 0) bytes.put_signed(static_cast<std::int64_t>(now[i] - before[i]));
    before = now;
}

template <std::size_t N>
void take_values(BytesReader& bytes, std::array<std::uint64_t, N>& values, std::uint64_t changed,
                 const Columns<N>& columns) {
    for (std::size_t i = 0; i < N; ++i) {
        if ((changed >> i & 1) == 0) continue;
        values[i] += static_cast<std::uint64_t>(bytes.signed_number());
        if (values[i] > stats::most_kept(columns[i])) bytes.fail();
    }
}

// A row is a number (the ticks since the one before, a bit for each column that is not as before, and 1 if a
// life begins), when the life began if it does or the row is the first, and the distances of those columns:
// a byte where nothing changes. 0: no more rows. Returns the values of the last.
template <std::size_t N>
std::array<std::uint64_t, N> put_track(Bytes& bytes, const typename Series<N>::Track& track,
                                       const Blocks& blocks, Tick first) {
    std::array<std::uint64_t, N> values{};
    Tick at = 0;
    std::uint32_t life = 0;
    for (auto rows = track.read(blocks); rows.next();) {
        const auto& row = rows.row();
        const bool begins = row.life != life;
        life = row.life;
        if (row.tick < first) continue;
        const std::uint64_t bits = changed(values, row.values);
        bytes.put(std::uint64_t{row.tick - at} << (N + 1) | bits << 1 | (begins ? 1 : 0));
        if (begins || at == 0) put_time(bytes, static_cast<Seconds>(row.started));
        put_values(bytes, values, row.values, bits);
        at = row.tick;
    }
    bytes.put(std::uint64_t{0});
    return values;
}

struct RowsTaken {
    Tick first = 0;
    Tick last = 0;
};

// Null: none is kept. Empties the track when the bytes are wrong.
template <std::size_t N>
std::array<std::uint64_t, N> take_track(BytesReader& bytes, typename Series<N>::Track* track,
                                        const RowsTaken& rows, const Columns<N>& columns,
                                        StatsTarget& target) {
    std::array<std::uint64_t, N> values{};
    Tick at = 0;
    std::uint64_t started = 0;
    while (const std::uint64_t code = bytes.number()) {
        const std::uint64_t distance = code >> (N + 1);
        if (distance == 0 || distance > rows.last - at) bytes.fail();
        const bool begins = (code & 1) != 0;
        if (begins || at == 0) started = static_cast<std::uint64_t>(take_time(bytes));
        take_values(bytes, values, code >> 1, columns);
        if (bytes.failed()) break;
        at += static_cast<Tick>(distance);
        if (track == nullptr || at < rows.first) continue;
        if (target.blocks.free() < stats::kPutBlocks) {
            track->clear(target.blocks);
            track = nullptr;
            ++target.refused;
            continue;
        }
        // The first as of a life of its own: what a lead would say of the rows before takes two blocks.
        track->append(target.blocks, at, values,
                      begins || track->empty() ? std::optional{started} : std::nullopt);
    }
    if (bytes.failed() && track != nullptr) track->clear(target.blocks);
    return values;
}

// By its distance to the last row, which is near.
template <std::size_t N>
void put_sample(Bytes& bytes, const Series<N>& series, std::array<std::uint64_t, N> row) {
    const bool sampled = series.at > 0;
    bytes.put((sampled ? kSampled : 0) | (series.begins_recent ? kBeginsRecent : 0) |
              (series.begins_longer ? kBeginsLonger : 0));
    if (!sampled) return;
    put_time(bytes, series.at);
    put_time(bytes, series.told);
    put_time(bytes, series.started);
    const std::uint64_t bits = changed(row, series.values);
    bytes.put(bits);
    put_values(bytes, row, series.values, bits);
}

template <std::size_t N>
void take_sample(BytesReader& bytes, Series<N>& series, std::array<std::uint64_t, N> row,
                 const Columns<N>& columns, const StatsTarget& target) {
    const std::uint64_t marks = bytes.number(kMostMarks);
    if ((marks & kSampled) == 0) return;
    series.at = take_time(bytes, target.last_sample);
    series.told = take_time(bytes);
    series.started = take_time(bytes);
    take_values(bytes, row, bytes.number((1U << N) - 1), columns);
    series.values = row;
    // A life begins with the first row that there is.
    series.begins_recent = series.recent.empty() || (marks & kBeginsRecent) != 0;
    series.begins_longer = series.longer.empty() || (marks & kBeginsLonger) != 0;
}

}  // namespace

template <std::size_t N>
void put_series(Bytes& bytes, const Series<N>& series, const Blocks& blocks, const StatsRowsKept& kept) {
    put_track<N>(bytes, series.longer, blocks, kept.longer);
    put_sample<N>(bytes, series, put_track<N>(bytes, series.recent, blocks, kept.recent));
}

template <std::size_t N>
bool take_series(BytesReader& bytes, Series<N>* series, const Columns<N>& columns, StatsTarget& target) {
    Series<N> taken;
    const bool takes = series != nullptr;
    take_track<N>(bytes, takes && target.takes_longer ? &taken.longer : nullptr,
                  {target.kept.longer, target.last_longer}, columns, target);
    const auto row = take_track<N>(bytes, takes && target.takes_recent ? &taken.recent : nullptr,
                                   {target.kept.recent, target.last_recent}, columns, target);
    take_sample<N>(bytes, taken, row, columns, target);
    if (bytes.failed()) {
        taken.recent.clear(target.blocks);
        taken.longer.clear(target.blocks);
    } else if (takes) {
        *series = taken;
    }
    return !bytes.failed();
}

template void put_series(Bytes&, const Series<2>&, const Blocks&, const StatsRowsKept&);
template void put_series(Bytes&, const Series<5>&, const Blocks&, const StatsRowsKept&);
template bool take_series(BytesReader&, Series<2>*, const Columns<2>&, StatsTarget&);
template bool take_series(BytesReader&, Series<5>*, const Columns<5>&, StatsTarget&);

}  // namespace storage::snapshot
