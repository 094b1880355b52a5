// SPDX-License-Identifier: Apache-2.0
#include "query/language/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace query {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kDay = 24 * 3600 * kSecond;
constexpr std::int64_t kMostMillis = std::numeric_limits<std::int64_t>::max() / 1'000'000;

struct Unit {
    std::string_view name;
    std::int64_t millis;
};
constexpr Unit kUnits[] = {{"y", 365 * kDay},   {"w", 7 * kDay}, {"d", kDay}, {"h", 3600 * kSecond},
                           {"m", 60 * kSecond}, {"s", kSecond},  {"ms", 1}};

bool equal_fold(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

// strconv.ParseInt(text, 0, 64).
std::optional<std::int64_t> parse_whole(std::string_view text) {
    int base = 10;
    if (text.size() > 1 && text[0] == '0') {
        const bool hex = text[1] == 'x' || text[1] == 'X';
        base = hex ? 16 : 8;
        text.remove_prefix(hex ? 2 : 1);
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
    if (equal_fold(text, "inf")) return std::numeric_limits<double>::infinity();
    if (equal_fold(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
    if (text.empty() || text[0] == '-' || text[0] == '+') return std::nullopt;
    if (const auto whole = parse_whole(text)) return static_cast<double>(*whole);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void append_value(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "NaN";
        return;
    }
    if (std::isinf(value)) {
        out += value > 0 ? "+Inf" : "-Inf";
        return;
    }
    // From 1e-6 to 1e21, plain: 22 digits before the point, or 7 zeros and 17 digits behind it.
    std::array<char, 64> buffer;
    const double size = std::fabs(value);
    const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                            plain ? std::chars_format::fixed : std::chars_format::scientific);
    out.append(buffer.data(), error == std::errc{} ? end : buffer.data());
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
    if (text.empty()) return std::nullopt;
    if (text == "0") return 0;
    std::int64_t sum = 0;
    std::size_t next_unit = 0;
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc{} || text[0] == '-') return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const std::size_t letters = std::min(text.find_first_of("0123456789"), text.size());
        const std::string_view name = text.substr(0, letters);
        text.remove_prefix(letters);
        while (next_unit < std::size(kUnits) && kUnits[next_unit].name != name) ++next_unit;
        if (next_unit == std::size(kUnits)) return std::nullopt;
        const std::int64_t unit = kUnits[next_unit++].millis;
        if (count > (kMostMillis - sum) / unit) return std::nullopt;
        sum += count * unit;
    }
    return sum;
}

}  // namespace query
