// SPDX-License-Identifier: Apache-2.0
#include "storage/stats/stats_series.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace storage::stats {
namespace {

struct Scene {
    Scene() { blocks.set_limit(1000); }

    void put(Seconds at, Number rx, Number tx = 0, Seconds started = 7) {
        refused +=
            stats::put(series, blocks, kNetworkColumns, {at, at + 1000, started, {rx, tx, 0, 0, {}}}, pace);
    }
    std::vector<Row> rows(Tier tier = Tier::recent, Tick first = 0, Tick last = UINT32_MAX) const {
        std::vector<Row> out;
        read(series, blocks, kNetworkColumns, tier, pace, first, last, out);
        return out;
    }
    std::string shown(Tier tier = Tier::recent) const {
        std::string text;
        for (const Row& row : rows(tier))
            text +=
                std::to_string(row.tick) + "=" + (row.values[0] ? std::to_string(*row.values[0]) : "-") + " ";
        return text;
    }

    Blocks blocks;
    Series<5> series;
    Pace pace;
    std::size_t refused = 0;
};

}  // namespace

TEST_CASE("A counter's row lies between the samples around its tick") {
    Scene scene;
    scene.put(6030, 1000);
    CHECK(scene.rows().empty());
    scene.put(6090, 1600, 60);
    // Tick 101 ends at 6060.
    CHECK(scene.shown() == "101=1300 ");
    CHECK(*scene.rows()[0].values[1] == 30);
    CHECK(scene.rows()[0].started == 7);
    scene.put(6120, 1610, 60);
    // A sample at the tick itself.
    CHECK(scene.shown() == "101=1300 102=1610 ");
    scene.put(6170, 1610);
    CHECK(scene.shown() == "101=1300 102=1610 ");
    scene.put(6240, 1610 + 700);
    CHECK(scene.shown() == "101=1300 102=1610 103=1710 104=2310 ");
}

TEST_CASE("A page that did not come costs no row, several do") {
    Scene scene;
    scene.put(6010, 0);
    scene.put(6190, 180);
    CHECK(scene.shown() == "101=50 102=110 103=170 ");
    scene.put(6190 + 181, 400);
    CHECK(scene.shown() == "101=50 102=110 103=170 ");
    scene.put(6390, 419);
    CHECK(scene.shown() == "101=50 102=110 103=170 ");
    scene.put(6440, 469);
    // The counter goes on.
    CHECK(scene.shown() == "101=50 102=110 103=170 107=449 ");
    CHECK(scene.rows()[3].life == scene.rows()[2].life);
}

TEST_CASE("A counter that fell, or a start that changed, begins a life without a row between") {
    const bool falls = GENERATE(true, false);
    Scene scene;
    scene.put(6000, 500);
    scene.put(6060, 560);
    scene.put(6110, falls ? 3 : 600, 0, falls ? 7 : 8);
    CHECK(scene.shown() == "101=560 ");
    scene.put(6150, falls ? 43 : 640, 0, falls ? 7 : 8);
    CHECK(scene.shown() == (falls ? "101=560 102=13 " : "101=560 102=610 "));
    const auto rows = scene.rows();
    CHECK(rows[0].life != rows[1].life);
    CHECK(rows[1].started == (falls ? 7 : 8));
}

TEST_CASE("Gauges are those of the sample before the tick") {
    Blocks blocks;
    blocks.set_limit(1000);
    Series<5> series;
    const Pace pace;
    const auto put_memory = [&](Seconds at, std::uint64_t usage, Number rss) {
        put(series, blocks, kMemoryColumns, {at, at, 0, {usage, rss, 10, {}, 4096}}, pace);
    };
    put_memory(6030, 8192, 12'288);
    put_memory(6090, 40'960, 4096);
    // To the page of 4 KiB; a figure that is missing costs itself.
    put_memory(6150, 2047, {});
    put_memory(6210, 0, 4096);
    std::vector<Row> rows;
    read(series, blocks, kMemoryColumns, Tier::recent, pace, 0, UINT32_MAX, rows);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].values == std::array<Number, 5>{8192, 12'288, 10, {}, 4096});
    CHECK(rows[1].values == std::array<Number, 5>{40'960, 4096, 10, {}, 4096});
    CHECK(rows[2].values == std::array<Number, 5>{0, {}, 10, {}, 4096});
}

TEST_CASE("What was told before, or is not later, brings nothing") {
    Scene scene;
    scene.put(6030, 1000);
    stats::put(scene.series, scene.blocks, kNetworkColumns, {6090, 7030, 7, {5000, 0, 0, 0, {}}}, scene.pace);
    stats::put(scene.series, scene.blocks, kNetworkColumns, {6030, 7031, 7, {6000, 0, 0, 0, {}}}, scene.pace);
    CHECK(scene.shown().empty());
    scene.put(6090, 1060);
    CHECK(scene.shown() == "101=1030 ");
}

TEST_CASE("The long tier has each fifth row of the recent one") {
    Scene scene;
    for (Seconds at = 6030; at <= 7300; at += 60) scene.put(at, static_cast<std::uint64_t>(at * 10));
    CHECK(scene.shown(Tier::longer) == "105=63000 110=66000 115=69000 120=72000 ");
    CHECK(scene.rows(Tier::longer, 106, 115).size() == 2);
    CHECK(scene.rows(Tier::recent, 106, 115).size() == 10);
}

TEST_CASE("Rows before the window go, and what is kept stays right") {
    Scene scene;
    for (Seconds at = 6030; at < 6030 + 60 * 3000; at += 60)
        scene.put(at, static_cast<std::uint64_t>(at) * 1000 + static_cast<std::uint64_t>(at % 7));
    const std::size_t before = scene.blocks.used();
    drop_before(scene.series, scene.blocks, 3000, 600);
    CHECK(scene.blocks.used() < before / 2);
    const auto rows = scene.rows(Tier::recent, 3000);
    REQUIRE(rows.size() == 3099 - 3000 + 1);
    for (const Row& row : rows) {
        const auto before_it = std::uint64_t{row.tick} * 60 - 30;
        const auto counter = [](std::uint64_t at) { return at * 1000 + at % 7; };
        const std::uint64_t low = counter(before_it);
        REQUIRE(*row.values[0] == low + (counter(before_it + 60) - low) / 2);
    }
    drop_before(scene.series, scene.blocks, 5000, 1000);
    CHECK(scene.series.empty());
    CHECK(scene.blocks.used() == 0);
}

TEST_CASE("Without room rows are refused, and counted") {
    Scene scene;
    scene.blocks.set_limit(kPutBlocks - 1);
    scene.put(6030, 1);
    scene.put(6150, 2);
    CHECK(scene.rows().empty());
    CHECK(scene.refused == 2);
}

TEST_CASE("Counters of any size are kept") {
    Scene scene;
    const std::uint64_t huge = UINT64_MAX - 10;
    scene.put(6030, 5);
    scene.put(6090, huge);
    CHECK(*scene.rows()[0].values[0] == 5 + (huge - 5) / 60 * 30 + (huge - 5) % 60 * 30 / 60);
}

}  // namespace storage::stats
