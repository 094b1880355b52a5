// SPDX-License-Identifier: Apache-2.0
#include "scraper/page/number.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace scraper {
namespace {

using Count = std::ptrdiff_t;

// A uint64_t holds any number of so many digits.
constexpr Count kSafeDigits = 19;
// Beyond any page's count of digits, and far from the limits of Count.
constexpr Count kExponentLimit = 1'000'000'000;

constexpr auto kPowersOfTen = [] {
    std::array<std::uint64_t, kSafeDigits + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

unsigned digit(char c) {
    return static_cast<unsigned char>(c) - unsigned{'0'};
}

// Eight characters as the numbers they stand for, the first in the lowest byte; those that are no digits give
// more than 9.
std::uint64_t digits_of(std::uint64_t text) {
    return text ^ 0x3030303030303030;
}

// How many digits there are before the first byte that is none; 8: all are digits.
unsigned leading_count(std::uint64_t digits) {
    // A byte above 9 gets its top bit.
    const std::uint64_t others = (digits | (digits + 0x7676767676767676)) & 0x8080808080808080;
    return static_cast<unsigned>(std::countr_zero(others)) / 8;
}

// The number that eight digits make: in three multiplications instead of eight that wait for each other.
std::uint64_t number_of(std::uint64_t digits) {
    // The first digit is in the lowest byte. Digits join to pairs, pairs to fours, fours to the number.
    digits = digits * 10 + (digits >> 8);
    const std::uint64_t pairs = 0x000000FF000000FF;
    const std::uint64_t first_and_third = (digits & pairs) * (100 + (1'000'000ull << 32));
    const std::uint64_t second_and_fourth = ((digits >> 16) & pairs) * (1 + (10'000ull << 32));
    return (first_and_third + second_and_fourth) >> 32;
}

// The next eight characters, or those that are left followed by zero bytes.
std::uint64_t next_eight(const char* at, const char* end) {
    const auto left = static_cast<std::size_t>(end - at);
    std::uint64_t text = 0;
    if (left >= 8) {
        std::memcpy(&text, at, 8);
        return text;
    }
    if (left < 4) {
        for (std::size_t i = 0; i < left; ++i)
            text |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
        return text;
    }
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, at, 4);
    std::memcpy(&last, end - 4, 4);
    return first | std::uint64_t{last} << (8 * (left - 4));
}

// Appends digits to `number`, which wraps around beyond kSafeDigits. Returns where they end.
inline const char* add_digits(const char* at, const char* end, std::uint64_t& number) {
    static_assert(std::endian::native == std::endian::little);
    while (at != end) {
        const std::uint64_t digits = digits_of(next_eight(at, end));
        const unsigned count = leading_count(digits);
        if (count == 0) break;
        // Zeros in front of what there are.
        number = number * kPowersOfTen[count] + number_of(digits << (64 - 8 * count));
        at += count;
        if (count < 8) break;
    }
    return at;
}

bool multiply(std::uint64_t& number, std::uint64_t by) {
    return !__builtin_mul_overflow(number, by, &number);
}

// What stands behind the 'e'. Returns where it ends, nullptr when there are no digits.
const char* read_exponent(const char* at, const char* end, Count& exponent) {
    const bool negative = at != end && *at == '-';
    if (at != end && (*at == '-' || *at == '+')) ++at;
    const char* const first = at;
    for (; at != end && digit(*at) <= 9; ++at) {
        exponent = std::min(exponent * 10 + static_cast<Count>(digit(*at)), kExponentLimit);
    }
    if (negative) exponent = -exponent;
    return at == first ? nullptr : at;
}

// floor(mantissa * 10^shift)
std::optional<std::uint64_t> shifted(std::uint64_t mantissa, Count shift) {
    if (mantissa == 0 || shift < -kSafeDigits) return 0;
    if (shift < 0) return mantissa / kPowersOfTen[static_cast<std::size_t>(-shift)];
    if (shift > kSafeDigits || !multiply(mantissa, kPowersOfTen[static_cast<std::size_t>(shift)])) {
        return std::nullopt;
    }
    return mantissa;
}

// The number that the first `places` digits make; zeros stand for those that are not there. For any count of
// digits: it moves the decimal point instead of multiplying.
std::optional<std::uint64_t> leading_digits(const char* at, const char* end, Count places) {
    std::uint64_t number = 0;
    for (; places > 0 && at != end; ++at) {
        if (*at == '.') continue;
        if (!multiply(number, 10) || __builtin_add_overflow(number, digit(*at), &number)) return std::nullopt;
        --places;
    }
    for (; places > 0 && number != 0; --places) {
        if (!multiply(number, 10)) return std::nullopt;
    }
    return number;
}

bool all_zero(const char* at, const char* end) {
    return std::all_of(at, end, [](char c) { return c == '0' || c == '.'; });
}

}  // namespace

std::optional<std::uint64_t> take_decimal(std::string_view& text, unsigned scale) {
    const char* at = text.data();
    const char* const end = at + text.size();
    const bool negative = at != end && *at == '-';
    if (at != end && (*at == '-' || *at == '+')) ++at;

    std::uint64_t mantissa = 0;
    const char* const digits = at;
    at = add_digits(at, end, mantissa);
    const Count whole = at - digits;
    Count fraction = 0;
    if (at != end && *at == '.') {
        const char* const point = at;
        at = add_digits(at + 1, end, mantissa);
        fraction = at - point - 1;
    }
    if (whole + fraction == 0) return std::nullopt;
    const char* const digits_end = at;

    Count exponent = 0;
    if (at != end && (*at == 'e' || *at == 'E')) at = read_exponent(at + 1, end, exponent);
    if (at == nullptr || (negative && !all_zero(digits, digits_end))) return std::nullopt;

    const Count power = exponent + static_cast<Count>(scale);
    const auto number = whole + fraction <= kSafeDigits ? shifted(mantissa, power - fraction)
                                                        : leading_digits(digits, digits_end, whole + power);
    if (number) text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    return number;
}

std::optional<std::uint64_t> take_integer(std::string_view& text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    if (at != end && *at == '+') ++at;
    const char* const digits = at;
    std::uint64_t number = 0;
    at = add_digits(at, end, number);
    if (at == digits) return std::nullopt;
    if (at - digits > kSafeDigits) {
        const auto exact = leading_digits(digits, at, at - digits);
        if (!exact) return std::nullopt;
        number = *exact;
    }
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    return number;
}

std::optional<double> take_double(std::string_view& text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    // from_chars takes no plus.
    if (at != end && *at == '+' && (at + 1 == end || at[1] != '-')) ++at;
    double number = 0;
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error == std::errc::result_out_of_range) {
        // Too large, or as good as 0.
        number = std::strtod(std::string{at, rest}.c_str(), nullptr);
        if (std::isinf(number)) return std::nullopt;
    } else if (error != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return number;
}

}  // namespace scraper
