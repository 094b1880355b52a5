// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/quantity.hpp"

#include <catch2/catch.hpp>

TEST_CASE("nanocores_of reads what kubelets tell of their CPUs and nothing that is none") {
    struct Case {
        const char* text;
        std::uint64_t nanocores;
    };
    const Case cases[] = {
        {"8", 8'000'000'000},
        {"7910m", 7'910'000'000},
        {"3.92", 3'920'000'000},
        {"+4", 4'000'000'000},
        {".5", 500'000'000},
        {"2.", 2'000'000'000},
        {"1k", 1'000'000'000'000},
        {"1e3", 1'000'000'000'000},
        {"12E2", 1'200'000'000'000},
        {"1Ki", 1'024'000'000'000},
        {"1500000u", 1'500'000'000},
        {"7n", 7},
        {"0", 0},
        {"-1", 0},
        {"", 0},
        {"m", 0},
        {"four", 0},
        {"4 ", 0},
        {"4x", 0},
        {"4mm", 0},
        {"1E", 0},
        {"1e400", 0},
        {"inf", 0},
        {"nan", 0},
        {"0x10", 0},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.text) {
            CHECK(kube::nanocores_of(c.text) == c.nanocores);
        }
}

TEST_CASE("amount_of counts CPU in millicores and all else in ones, rounded up") {
    struct Case {
        const char* resource;
        const char* text;
        std::optional<std::uint64_t> amount;
    };
    constexpr std::optional<std::uint64_t> kNone;
    const Case cases[] = {
        {"cpu", "1", 1000},
        {"cpu", "250m", 250},
        {"cpu", "1100m", 1100},
        {"cpu", "0.1", 100},
        {"cpu", "0.0001", 1},
        {"cpu", "100u", 1},
        {"cpu", "1000001n", 2},
        {"cpu", "1k", 1'000'000},
        {"cpu", "1e3", 1'000'000},
        {"cpu", "1e-3", 1},
        {"cpu", "1E+1", 10'000},
        {"cpu", "+2", 2000},
        {"cpu", ".5", 500},
        {"cpu", "2.", 2000},
        {"cpu", "0", 0},
        {"cpu", "000.000", 0},
        {"memory", "64Mi", 67'108'864},
        {"memory", "1.5Gi", 1'610'612'736},
        {"memory", "128974848", 128'974'848},
        {"memory", "129e6", 129'000'000},
        {"memory", "129M", 129'000'000},
        {"memory", "1Ki", 1024},
        {"memory", "1T", 1'000'000'000'000},
        {"memory", "4Pi", std::uint64_t{4} << 50},
        // Kubernetes warns of it, and rounds up.
        {"memory", "100m", 1},
        {"memory", "1n", 1},
        {"memory", "1e-1000000", 1},
        {"memory", "0e1000000", 0},
        {"memory", "8Pi", std::uint64_t{1} << 53},
        {"memory", "9007199254740993", kNone},
        {"memory", "8Ei", kNone},
        {"memory", "1E", kNone},
        {"memory", "16383Pi", kNone},
        {"memory", "999999999999999999Ei", kNone},
        {"memory", "1e1000000", kNone},
        {"memory", "1e99999999999999999999", kNone},
        {"memory", "12345678901234567890", kNone},
        {"nvidia.com/gpu", "2", 2},
        {"pods", "110", 110},
        {"memory", "-1", kNone},
        {"memory", "", kNone},
        {"memory", "+", kNone},
        {"memory", ".", kNone},
        {"memory", "Mi", kNone},
        {"memory", "1 ", kNone},
        {"memory", " 1", kNone},
        {"memory", "1.2.3", kNone},
        {"memory", "1mi", kNone},
        {"memory", "1ki", kNone},
        {"memory", "1K", kNone},
        {"memory", "1e", kNone},
        {"memory", "1e+", kNone},
        {"memory", "1e+-1", kNone},
        {"memory", "1e1x", kNone},
        {"memory", "1MiMi", kNone},
        {"memory", "0x10", kNone},
        {"memory", "inf", kNone},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.resource << " " << c.text) {
            CHECK(kube::amount_of(c.resource, c.text) == c.amount);
        }
}
