// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/quantity.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace kube {
namespace {

// The power of ten that a suffix stands for, or of two.
std::optional<double> factor_of(std::string_view suffix) {
    struct Suffix {
        std::string_view text;
        double factor;
    };
    static constexpr Suffix kSuffixes[] = {{"", 1},        {"n", 1e-9},    {"u", 1e-6},    {"m", 1e-3},
                                           {"k", 1e3},     {"M", 1e6},     {"G", 1e9},     {"T", 1e12},
                                           {"P", 1e15},    {"E", 1e18},    {"Ki", 0x1p10}, {"Mi", 0x1p20},
                                           {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}, {"Ei", 0x1p60}};
    for (const Suffix& suffix_of : kSuffixes)
        if (suffix_of.text == suffix) return suffix_of.factor;
    return std::nullopt;
}

// digits * 10^tens * 2^twos.
struct Number {
    std::uint64_t digits = 0;
    int tens = 0;
    int twos = 0;
};

// More are no figure of anything, and do not fit.
constexpr int kMostDigits = 18;

// Off the front: digits with one point at most.
std::optional<Number> take_number(std::string_view& text) {
    Number number;
    int digits = 0, behind_point = 0;
    bool point = false, any = false;
    for (; !text.empty(); text.remove_prefix(1)) {
        const char c = text.front();
        if (c == '.' && !std::exchange(point, true)) continue;
        if (c < '0' || c > '9') break;
        any = true;
        if (digits == 0 && c == '0' && !point) continue;
        if (++digits > kMostDigits) return std::nullopt;
        number.digits = number.digits * 10 + static_cast<std::uint64_t>(c - '0');
        if (point) ++behind_point;
    }
    number.tens = -behind_point;
    if (!any) return std::nullopt;
    return number;
}

// What a suffix, or an exponent, multiplies by.
bool apply_suffix(Number& number, std::string_view suffix) {
    constexpr std::string_view kTens = "num kMGTPE";
    constexpr std::string_view kTwos = "KMGTPE";
    if (suffix.empty()) return true;
    if (suffix.size() == 1 && suffix != " ") {
        const auto at = kTens.find(suffix.front());
        if (at == std::string_view::npos) return false;
        number.tens += (static_cast<int>(at) - 3) * 3;
        return true;
    }
    if (suffix.size() == 2 && suffix.back() == 'i') {
        const auto at = kTwos.find(suffix.front());
        if (at == std::string_view::npos) return false;
        number.twos = (static_cast<int>(at) + 1) * 10;
        return true;
    }
    if (suffix.front() != 'e' && suffix.front() != 'E') return false;
    suffix.remove_prefix(1);
    if (suffix.front() == '+' && suffix.size() > 1 && suffix[1] != '-') suffix.remove_prefix(1);
    int exponent = 0;
    const auto [end, error] = std::from_chars(suffix.data(), suffix.data() + suffix.size(), exponent);
    if (error != std::errc{} || end != suffix.data() + suffix.size()) return false;
    // Far beyond all bounds, and far from overflow.
    number.tens += std::clamp(exponent, -1000, 1000);
    return true;
}

std::optional<std::uint64_t> rounded_up(Number number) {
    if (number.digits == 0) return 0;
    for (; number.twos > 0; --number.twos) {
        if (number.digits >> 63 != 0) return std::nullopt;
        number.digits <<= 1;
    }
    for (; number.tens > 0; --number.tens) {
        if (number.digits > kMostAmount) return std::nullopt;
        number.digits *= 10;
    }
    bool rest = false;
    for (; number.tens < 0 && number.digits > 0; ++number.tens) {
        rest |= number.digits % 10 != 0;
        number.digits /= 10;
    }
    rest |= number.tens < 0;
    const std::uint64_t amount = number.digits + (rest ? 1 : 0);
    if (amount > kMostAmount) return std::nullopt;
    return amount;
}

}  // namespace

std::optional<std::uint64_t> amount_of(std::string_view resource, std::string_view quantity) {
    if (quantity.starts_with('+')) quantity.remove_prefix(1);
    auto number = take_number(quantity);
    if (!number || !apply_suffix(*number, quantity)) return std::nullopt;
    if (resource == "cpu") number->tens += 3;
    return rounded_up(*number);
}

std::uint64_t nanocores_of(std::string_view quantity) {
    if (quantity.starts_with('+')) quantity.remove_prefix(1);
    double number = 0;
    const char* const end = quantity.data() + quantity.size();
    const auto [rest, error] = std::from_chars(quantity.data(), end, number);
    if (error != std::errc{}) return 0;
    const auto factor = factor_of({rest, static_cast<std::size_t>(end - rest)});
    const double nanocores = factor ? std::round(number * *factor * 1e9) : 0;
    const bool fits = nanocores > 0 && nanocores < 0x1p64;
    return fits ? static_cast<std::uint64_t>(nanocores) : 0;
}

}  // namespace kube
