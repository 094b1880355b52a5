// SPDX-License-Identifier: Apache-2.0
#include "storage/history/precision.hpp"

#include "test/storage/rounding.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace storage::history;

TEST_CASE("CPU is kept to 0.1 % or 0.01 m") {
    std::mt19937_64 random{1};
    for (int i = 0; i < 200'000; ++i) {
        const std::uint64_t nanocores = random() >> (random() % 63 + 1);
        const std::uint64_t kept = cpu_units(cpu_code(nanocores)) * kUnitNanocores;
        CAPTURE(nanocores, kept);
        REQUIRE(storage::is_cpu(kept, nanocores));
    }
    CHECK(cpu_code(0) == 0);
    // 50,000 units are 781.25 steps of 64.
    CHECK(cpu_units(cpu_code(1'000'000'000)) * kUnitNanocores == 999'680'000);
}

TEST_CASE("codes of CPU follow each other without a hole") {
    for (std::uint64_t code = 1; code < 10'000; ++code) {
        CAPTURE(code);
        REQUIRE(cpu_code(cpu_units(code) * kUnitNanocores) == code);
        REQUIRE(cpu_units(code) > cpu_units(code - 1));
    }
}

TEST_CASE("memory is kept to the nearest page") {
    CHECK(pages(0) == 0);
    CHECK(pages(2047) == 0);
    CHECK(pages(2048) == 1);
    CHECK(pages(4096) == 1);
    CHECK(pages(6144) == 2);
    CHECK(pages(UINT64_MAX) == UINT64_MAX / kPageBytes + 1);
}
