// SPDX-License-Identifier: Apache-2.0
#include "scraper/schedule.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::Schedule;

TEST_CASE("name_hash is FNV-1a with a final mix") {
    // fmix64(0xcbf29ce484222325), by hand from MurmurHash3's definition.
    CHECK(scraper::name_hash("") == 0xefd01f60ba992926);
    CHECK(scraper::name_hash("a") != scraper::name_hash("b"));
}

TEST_CASE("names that differ in a digit spread evenly over the round") {
    const Schedule schedule{15s, {}, {}};
    std::vector<int> nodes_in_slot(schedule.slots());
    REQUIRE(nodes_in_slot.size() == 15);
    for (int i = 0; i < 6000; ++i) ++nodes_in_slot[schedule.slot_of("node-" + std::to_string(i))];
    // 400 expected, standard deviation 19: four of them each way.
    CHECK(*std::max_element(nodes_in_slot.begin(), nodes_in_slot.end()) <= 477);
    CHECK(*std::min_element(nodes_in_slot.begin(), nodes_in_slot.end()) >= 323);
}
