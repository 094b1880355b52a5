// SPDX-License-Identifier: Apache-2.0
// The rows are what Kubernetes' own library prints.
#include "apiserver/encode/quantity.hpp"

#include <random>
#include <string>

#include <catch2/catch.hpp>

using apiserver::QuantityText;

namespace {

struct Case {
    std::uint64_t value;
    const char* text;
};

// The number that the text stands for, read the other way round.
std::uint64_t value_of(std::string_view text, std::string_view one, std::string_view units,
                       std::uint64_t step) {
    std::uint64_t value = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        value = value * 10 + static_cast<std::uint64_t>(text.front() - '0');
        text.remove_prefix(1);
    }
    const std::string_view unit = text.empty() ? one : text.substr(0, 1);
    for (std::size_t i = 0; i < units.find(unit); ++i) value *= step;
    return value;
}

}  // namespace

TEST_CASE("CPU is printed in the largest decimal unit that needs no fraction") {
    const Case cases[] = {
        {0, "0"},
        {1, "1n"},
        {999, "999n"},
        {1000, "1u"},
        {1001, "1001n"},
        {10000, "10u"},
        {100000, "100u"},
        {1000000, "1m"},
        {1234000, "1234u"},
        {60000000, "60m"},
        {123456789, "123456789n"},
        {1000000000, "1"},
        {1500000000, "1500m"},
        {10000000000, "10"},
        {100000000000, "100"},
        {1000000000000, "1k"},
        {1234567890123, "1234567890123n"},
        {9223372036854775000u, "9223372036854775u"},
        {10000000000000000000u, "10G"},
        {18446744073709551615u, "18446744073709551615n"},
    };
    for (const Case& c : cases) CHECK(QuantityText::of_nanocores(c.value).view() == c.text);
}

TEST_CASE("memory is printed in binary units from 1024 and as a decimal number below") {
    const Case cases[] = {
        {0, "0"},
        {1, "1"},
        {500, "500"},
        {999, "999"},
        {1000, "1k"},
        {1001, "1001"},
        {1010, "1010"},
        {1023, "1023"},
        {1024, "1Ki"},
        {1025, "1025"},
        {1500, "1500"},
        {1536, "1536"},
        {2000, "2000"},
        {2048, "2Ki"},
        {10000, "10000"},
        {1000000, "1000000"},
        {1048576, "1Mi"},
        {1572864, "1536Ki"},
        {1234567168, "1205632Ki"},
        {52428801, "52428801"},
        {1073741824, "1Gi"},
        {1ull << 40, "1Ti"},
        {1ull << 50, "1Pi"},
        {1ull << 60, "1Ei"},
        {1ull << 63, "8Ei"},
        {9223372036854775807u, "9223372036854775807"},
        {18446744073709551615u, "18446744073709551615"},
    };
    for (const Case& c : cases) CHECK(QuantityText::of_bytes(c.value).view() == c.text);
}

TEST_CASE("any number can be read back from its text and the text is the shortest") {
    std::mt19937_64 random{1};
    for (int i = 0; i < 20'000; ++i) {
        // Of all lengths, and with all numbers of zeros at the end.
        std::uint64_t value = random() >> random() % 64;
        const std::uint64_t scale = random() % 4;
        for (std::uint64_t n = 0; n < scale && value < (1ull << 40); ++n) value *= i % 2 == 0 ? 1000 : 1024;
        const std::string cpu{QuantityText::of_nanocores(value).view()};
        CAPTURE(value, cpu);
        // A blank stands for the unit that is not written.
        REQUIRE(value_of(cpu, " ", "num kMGTPE", 1000) * (value == 0 ? 0 : 1) == value);
        REQUIRE((value == 0 || cpu.find("000", cpu.size() < 4 ? 0 : cpu.size() - 4) == std::string::npos));
        const std::string bytes{QuantityText::of_bytes(value).view()};
        CAPTURE(bytes);
        if (value >= 1024) REQUIRE(value_of(bytes, " ", " KMGTPE", 1024) == value);
        REQUIRE((value < 1024 || value % 1024 != 0 || bytes.back() == 'i'));
    }
}
