// SPDX-License-Identifier: Apache-2.0
// Any text begins with a number or does not, and the number is what pencil and paper give. The first byte is
// the scale.
#include "scraper/page/number.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace {

// Of decimal digits that may be many.
std::optional<std::uint64_t> value_of(const std::string& digits) {
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (__builtin_mul_overflow(value, std::uint64_t{10}, &value)) return std::nullopt;
        if (__builtin_add_overflow(value, static_cast<std::uint64_t>(c - '0'), &value)) return std::nullopt;
    }
    return value;
}

std::string take_digits(std::string_view& text) {
    const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string digits{text.substr(0, size)};
    text.remove_prefix(size);
    return digits;
}

bool take_any(std::string_view& text, std::string_view characters) {
    if (text.empty() || characters.find(text[0]) == characters.npos) return false;
    text.remove_prefix(1);
    return true;
}

// Beyond any count of digits.
constexpr long kFar = 100'000;

// What stands behind the point is moved before it, digit by digit.
std::optional<std::uint64_t> naive_decimal(std::string_view& text, unsigned scale) {
    std::string_view rest = text;
    const bool negative = rest.starts_with('-');
    take_any(rest, "+-");
    std::string digits = take_digits(rest);
    long point = static_cast<long>(digits.size());
    if (take_any(rest, ".")) digits += take_digits(rest);
    if (digits.empty()) return std::nullopt;
    if (take_any(rest, "eE")) {
        const bool down = rest.starts_with('-');
        take_any(rest, "+-");
        const std::string exponent = take_digits(rest);
        if (exponent.empty()) return std::nullopt;
        const auto size = value_of(exponent);
        const long by = size && *size < kFar ? static_cast<long>(*size) : kFar;
        point += down ? -by : by;
    }
    const bool zero = digits.find_first_not_of('0') == digits.npos;
    if (negative && !zero) return std::nullopt;
    point += scale;
    std::optional<std::uint64_t> value = 0;
    if (!zero && point > 0) {
        digits.resize(static_cast<std::size_t>(point), '0');
        value = value_of(digits);
    }
    if (value) text = rest;
    return value;
}

std::optional<std::uint64_t> naive_integer(std::string_view& text) {
    std::string_view rest = text;
    take_any(rest, "+");
    const std::string digits = take_digits(rest);
    if (digits.empty()) return std::nullopt;
    const auto value = value_of(digits);
    if (value) text = rest;
    return value;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    // Memory of its own: a byte read too far is found.
    const std::string text{text_of(data + 1, size - 1)};
    const unsigned scale = data[0] % 13;
    std::string_view rest = text;
    std::string_view naive_rest = text;
    require(scraper::take_decimal(rest, scale) == naive_decimal(naive_rest, scale),
            "decimal numbers are exact");
    require(rest == naive_rest, "what follows a decimal number is left");
    rest = naive_rest = text;
    require(scraper::take_integer(rest) == naive_integer(naive_rest), "integers are exact");
    require(rest == naive_rest, "what follows an integer is left");
    return 0;
}
