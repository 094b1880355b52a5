// SPDX-License-Identifier: Apache-2.0
#include "scraper/number.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

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

// The number that eight digits make, if they are all digits: in three multiplications instead of eight that
// wait for each other.
bool eight_digits(const char* at, std::uint64_t& number) {
    std::uint64_t text = 0;
    std::memcpy(&text, at, sizeof text);
    // Each byte must be 0x30 to 0x39: its high half 3, also after 6 was added.
    const std::uint64_t high_halves = 0xF0F0F0F0F0F0F0F0;
    if ((text & (text + 0x0606060606060606) & high_halves) != 0x3030303030303030) return false;
    text -= 0x3030303030303030;
    // The first digit is in the lowest byte. Digits join to pairs, pairs to fours, fours to the number.
    text = text * 10 + (text >> 8);
    const std::uint64_t pairs = 0x000000FF000000FF;
    const std::uint64_t first_and_third = (text & pairs) * (100 + (1'000'000ull << 32));
    const std::uint64_t second_and_fourth = ((text >> 16) & pairs) * (1 + (10'000ull << 32));
    number = (first_and_third + second_and_fourth) >> 32;
    return true;
}

// Appends digits to `number`, which wraps around beyond kSafeDigits. Returns where they end.
const char* add_digits(const char* at, const char* end, std::uint64_t& number) {
    static_assert(std::endian::native == std::endian::little);
    for (std::uint64_t eight = 0; end - at >= 8 && eight_digits(at, eight); at += 8) {
        number = number * 100'000'000 + eight;
    }
    for (; at != end && digit(*at) <= 9; ++at) number = number * 10 + digit(*at);
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

}  // namespace scraper
