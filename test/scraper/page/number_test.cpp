// SPDX-License-Identifier: Apache-2.0
#include "scraper/page/number.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using scraper::take_decimal;
using scraper::take_integer;

namespace {

// The number at the front of `text`; `rest` is what it left.
std::optional<std::uint64_t> decimal(std::string_view text, unsigned scale, std::string_view rest = {}) {
    const auto number = take_decimal(text, scale);
    CHECK(text == rest);
    return number;
}

}  // namespace

TEST_CASE("A decimal number is scaled and truncated exactly") {
    struct Case {
        const char* text;
        unsigned scale;
        std::uint64_t expected;
    };
    const Case cases[] = {
        {"0", 0, 0},
        {"0", 9, 0},
        {"-0", 9, 0},
        {"-0.000e5", 9, 0},
        {"1", 9, 1'000'000'000},
        {"+1.25", 9, 1'250'000'000},
        {".5", 9, 500'000'000},
        {"7.", 9, 7'000'000'000},
        {"0.9", 0, 0},
        {"212992", 0, 212'992},
        {"5.0675712e+07", 0, 50'675'712},
        {"1.29024e+06", 0, 1'290'240},
        {"5.950146986", 9, 5'950'146'986},
        {"0.012117577", 9, 12'117'577},
        {"1.795406476012221e+09", 9, 1'795'406'476'012'221'000},
        {"1.7954080156584468e+09", 9, 1'795'408'015'658'446'800},
        {"1e-9", 9, 1},
        {"1E-10", 9, 0},
        {"9.99e-10", 9, 0},
        {"123e-2", 0, 1},
        {"1e-400", 9, 0},
        {"0e999999999999999999999", 9, 0},
        {"1e19", 0, 10'000'000'000'000'000'000u},
        {"9999999999999999999", 0, 9'999'999'999'999'999'999u},
        {"18446744073709551615", 0, UINT64_MAX},
        {"18446744073709551615.99", 0, UINT64_MAX},
        {"18446744073.709551615", 9, UINT64_MAX},
        {"1.8446744073709551615e19", 0, UINT64_MAX},
        {"0.00000000000000000000000000000018446744073709551615e+50", 0, UINT64_MAX},
        {"123456789012345678901234567890e-20", 0, 1'234'567'890},
        {"123456789012345678901234567890e-20", 9, 1'234'567'890'123'456'789},
        {"0.3333333333333333333333333333333333333333", 9, 333'333'333},
        {"1234567.1234567890123456789", 9, 1'234'567'123'456'789},
        {"000000000000000000000000000001.5", 9, 1'500'000'000},
        {"0.0000000000000000000000000000000001e30", 9, 100'000},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text, c.scale);
        CHECK(decimal(c.text, c.scale) == c.expected);
    }
}

TEST_CASE("What is not a finite decimal number of at most 64 bits is refused and left alone") {
    const auto text = GENERATE(as<std::string>{}, "", "+", "-", ".", "e5", ".e5", "NaN", "nan", "+Inf",
                               "-Inf", "inf", "Infinity", "-1", "-0.1", "-1e-300",
                               "-0.0000000000000000000000000000001", "1e", "1e+", "1e-", "1ex", " 1", "x1",
                               "1e20", "1e400", "18446744073709551616", "1.8446744073709551616e19",
                               "99999999999999999999999", "--1", "+-1", "1e99999999999999999999");
    CAPTURE(text);
    CHECK(decimal(text, 0, text) == std::nullopt);
}

TEST_CASE("A value that fits only unscaled is refused when scaled") {
    CHECK(decimal("18446744073.709551616", 9, "18446744073.709551616") == std::nullopt);
    CHECK(decimal("18446744074", 9, "18446744074") == std::nullopt);
    CHECK(decimal("18446744074", 0) == 18'446'744'074);
}

TEST_CASE("A number ends where its digits end") {
    CHECK(decimal("1.5 1795408141939", 9, " 1795408141939") == 1'500'000'000);
    CHECK(decimal("0x1p3", 0, "x1p3") == 0);
    CHECK(decimal("1_000", 0, "_000") == 1);
    CHECK(decimal("1.2.3", 9, ".3") == 1'200'000'000);
    CHECK(decimal("5e1.5", 0, ".5") == 50);
}

TEST_CASE("Digits end at any other character at any place") {
    const std::string digits = "1234567891234567";
    for (const char other : std::string{"/:;<=>?@Aapx \t\0\x7F\x80\xB0\xB9\xFA\xFF", 21}) {
        for (std::size_t place = 0; place < digits.size(); ++place) {
            std::string text = digits;
            text[place] = other;
            CAPTURE(text);
            const auto expected =
                place == 0 ? std::nullopt : std::optional{std::stoull(digits.substr(0, place))};
            CHECK(decimal(text, 0, std::string_view{text}.substr(place)) == expected);
            std::string_view rest = text;
            CHECK(take_integer(rest) == expected);
            CHECK(rest == std::string_view{text}.substr(place));
        }
    }
}

TEST_CASE("Every decimal fraction of nanoseconds comes back as printed") {
    // All lengths of the fraction and of the whole part, against arithmetic on the digits themselves.
    for (std::uint64_t nanos = 1; nanos < 9'000'000'000'000'000'000; nanos = nanos * 7 + 3) {
        std::string digits = std::to_string(nanos);
        if (digits.size() < 10) digits.insert(0, 10 - digits.size(), '0');
        const std::string plain =
            digits.substr(0, digits.size() - 9) + "." + digits.substr(digits.size() - 9);
        CHECK(decimal(plain, 9) == nanos);
        const std::string bare = std::to_string(nanos);
        const std::string exponent = bare.substr(0, 1) + "." + bare.substr(1) + "e" +
                                     std::to_string(static_cast<int>(bare.size()) - 1 - 9);
        CHECK(decimal(exponent, 9) == nanos);
        if (nanos > 1'000'000'000'000'000'000) break;
    }
}

TEST_CASE("An integer is plain digits") {
    struct Case {
        const char* text;
        std::optional<std::uint64_t> expected;
        const char* rest;
    };
    const Case cases[] = {
        {"1795408141939", 1'795'408'141'939, ""},
        {"+5", 5, ""},
        {"0", 0, ""},
        {"007 ", 7, " "},
        {"1e3", 1, "e3"},
        {"1.5", 1, ".5"},
        {"18446744073709551615", UINT64_MAX, ""},
        {"0000000000000000000000000000012", 12, ""},
        {"18446744073709551616", std::nullopt, "18446744073709551616"},
        {"99999999999999999999999", std::nullopt, "99999999999999999999999"},
        {"-5", std::nullopt, "-5"},
        {"", std::nullopt, ""},
        {"+", std::nullopt, "+"},
        {" 1", std::nullopt, " 1"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        std::string_view text = c.text;
        CHECK(take_integer(text) == c.expected);
        CHECK(text == c.rest);
    }
}
