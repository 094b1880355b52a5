// SPDX-License-Identifier: Apache-2.0
#include "storage/history/track.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage::history;

namespace {

struct Written {
    Tick tick = 0;
    std::array<std::uint64_t, 5> values{};
    std::uint64_t started = 0;
    Tick missed = 0;
    std::uint64_t total = 0;
};

// Numbers of every size, runs of equal ones, ticks missed, lives.
std::vector<Written> random_rows(unsigned seed, std::size_t count) {
    std::mt19937_64 random{seed};
    std::vector<Written> rows;
    Written row{.tick = 100, .started = seed};
    for (std::size_t i = 0; i < count; ++i) {
        row.missed = random() % 9 == 0 ? static_cast<Tick>(random() % 1000) : 0;
        const bool new_life = i == 0 || random() % 50 == 0;
        row.tick += 1 + row.missed;
        if (new_life) {
            row.started = random();
            row.missed = 0;
            row.total = 0;
        }
        for (std::uint64_t& value : row.values) {
            if (random() % 3 != 0) value = random() >> (random() % 64);
        }
        row.total += row.values[0];
        rows.push_back(row);
    }
    return rows;
}

void append(Blocks& blocks, Track<5, SumOfFirst>& track, const std::vector<Written>& rows, std::size_t at) {
    const bool new_life = at == 0 || rows[at].started != rows[at - 1].started;
    track.append(blocks, rows[at].tick, rows[at].values,
                 new_life ? std::optional{rows[at].started} : std::nullopt);
}

// Compares what is read with the last of the rows, and returns how many that are.
std::size_t check_tail(const Blocks& blocks, const Track<5, SumOfFirst>& track,
                       const std::vector<Written>& rows, std::size_t end) {
    std::vector<TrackRow<5>> read;
    for (auto reader = track.read(blocks); reader.next();) read.push_back(reader.row());
    REQUIRE(read.size() <= end);
    for (std::size_t i = 0; i < read.size(); ++i) {
        const Written& row = rows[end - read.size() + i];
        CAPTURE(i);
        REQUIRE(read[i].tick == row.tick);
        REQUIRE(read[i].values == row.values);
        REQUIRE(read[i].started == row.started);
        REQUIRE(read[i].missed == row.missed);
        REQUIRE(read[i].total == row.total);
    }
    return read.size();
}

}  // namespace

TEST_CASE("a track gives back what was appended") {
    Blocks blocks;
    blocks.set_limit(100'000);
    for (unsigned seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const std::vector<Written> rows = random_rows(seed, 500);
        Track<5, SumOfFirst> track;
        for (std::size_t i = 0; i < rows.size(); ++i) append(blocks, track, rows, i);
        CHECK(check_tail(blocks, track, rows, rows.size()) == rows.size());
        CHECK(track.newest() == rows.back().tick);
        track.clear(blocks);
        CHECK(track.empty());
    }
    CHECK(blocks.used() == 0);
}

TEST_CASE("a track forgets the oldest rows and knows totals and lives without them") {
    Blocks blocks;
    blocks.set_limit(100'000);
    for (unsigned seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        const std::vector<Written> rows = random_rows(seed, 1000);
        Track<5, SumOfFirst> track;
        std::size_t most = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            append(blocks, track, rows, i);
            most = std::max(most, blocks.used());
            if (i < 100 || i % 10 != 0) continue;
            track.drop_before(blocks, rows[i - 50].tick);
            const std::size_t kept = check_tail(blocks, track, rows, i + 1);
            CHECK(kept >= 51);
            // A block holds at least one row, and a row takes two at most.
            CHECK(kept <= 51 + 16);
        }
        CHECK(most < 200);
        track.drop_before(blocks, rows.back().tick + 1);
        CHECK(track.empty());
        CHECK(blocks.used() == 0);
    }
}

TEST_CASE("a total of units counts a missed tick like the next row") {
    Blocks blocks;
    blocks.set_limit(100);
    Track<2, SumOfUnits> track;
    track.append(blocks, 10, {100, 1}, 7);
    track.append(blocks, 14, {200, 1}, std::nullopt);
    // 1024 + 512 codes: 1024 units times two.
    track.append(blocks, 15, {1536, 1}, std::nullopt);
    std::vector<std::uint64_t> totals;
    for (auto reader = track.read(blocks); reader.next();) totals.push_back(reader.row().total);
    CHECK(totals == std::vector<std::uint64_t>{100, 100 + 4 * 200, 100 + 4 * 200 + 2048});
}

TEST_CASE("blocks are given again, and not beyond the limit") {
    Blocks blocks;
    blocks.set_limit(2);
    const BlockId first = blocks.take();
    const BlockId second = blocks.take();
    CHECK(blocks.take() == kNoBlock);
    CHECK(blocks.free() == 0);
    blocks[first].words[3] = 9;
    blocks[first].next = second;
    blocks.give(first, second);
    CHECK(blocks.free() == 1);
    const BlockId again = blocks.take();
    CHECK(again == first);
    CHECK(blocks[again].words[3] == 0);
    CHECK(blocks[again].next == kNoBlock);
}
