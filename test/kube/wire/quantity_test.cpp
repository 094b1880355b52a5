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
