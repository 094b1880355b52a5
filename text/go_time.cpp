// SPDX-License-Identifier: Apache-2.0
#include "text/go_time.hpp"

#include <charconv>
#include <limits>

namespace text {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr auto kLongest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

char* put_two(char* at, unsigned value) {
    *at++ = static_cast<char>('0' + value / 10);
    *at++ = static_cast<char>('0' + value % 10);
    return at;
}

void append_number(std::string& out, std::uint64_t value) {
    char digits[20];
    const auto size = std::to_chars(digits, digits + sizeof digits, value).ptr - digits;
    out.append(digits, static_cast<std::size_t>(size));
}

// `value` / 10^digits, without trailing zeros.
void append_decimal(std::string& out, std::uint64_t value, unsigned digits) {
    std::uint64_t unit = 1;
    for (unsigned i = 0; i < digits; ++i) unit *= 10;
    append_number(out, value / unit);
    std::uint64_t rest = value % unit;
    if (rest == 0) return;
    out.push_back('.');
    for (unit /= 10; rest != 0; unit /= 10) {
        out.push_back(static_cast<char>('0' + rest / unit));
        rest %= unit;
    }
}

// The length in nanoseconds of a unit of time.ParseDuration; 0: there is no such unit.
std::uint64_t unit_of(std::string_view name) {
    struct Unit {
        std::string_view name;
        std::uint64_t nanoseconds;
    };
    constexpr Unit kUnits[] = {
        {"ns", 1},         {"us", 1'000},        {"\u00b5s", 1'000},    {"\u03bcs", 1'000},
        {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000},
    };
    for (const Unit& unit : kUnits)
        if (unit.name == name) return unit.nanoseconds;
    return 0;
}

// A number with an optional fraction, taken off the front of a text.
struct Amount {
    bool present = false;
    bool too_large = false;
    std::uint64_t whole = 0;
    // The digits behind the point are fraction / scale.
    std::uint64_t fraction = 0;
    double scale = 1;
};

// Digits of the fraction that no longer fit are dropped, as Go drops them.
Amount take_amount(std::string_view& text) {
    Amount amount;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
        amount.present = true;
        const auto digit = static_cast<std::uint64_t>(text.front() - '0');
        if (amount.whole > (kLongest - digit) / 10) amount.too_large = true;
        if (!amount.too_large) amount.whole = amount.whole * 10 + digit;
    }
    if (!text.starts_with('.')) return amount;
    bool full = false;
    for (text.remove_prefix(1); !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
        amount.present = true;
        const auto digit = static_cast<std::uint64_t>(text.front() - '0');
        full = full || amount.fraction > (kLongest - digit) / 10;
        if (full) continue;
        amount.fraction = amount.fraction * 10 + digit;
        amount.scale *= 10;
    }
    return amount;
}

}  // namespace

void append_timestamp(std::string& out, std::int64_t unix_seconds) {
    const std::chrono::sys_seconds moment{std::chrono::seconds{unix_seconds}};
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date{day};
    const auto second = static_cast<unsigned>((moment - day).count());
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    char text[] = "0000-00-00T00:00:00Z";
    put_two(put_two(text, year / 100 % 100), year % 100);
    put_two(text + 5, static_cast<unsigned>(date.month()));
    put_two(text + 8, static_cast<unsigned>(date.day()));
    put_two(text + 11, second / 3600);
    put_two(text + 14, second / 60 % 60);
    put_two(text + 17, second % 60);
    out.append(text, sizeof text - 1);
}

void append_duration(std::string& out, std::chrono::nanoseconds duration) {
    const bool negative = duration.count() < 0;
    const auto value = static_cast<std::uint64_t>(duration.count());
    const std::uint64_t nanoseconds = negative ? 0 - value : value;
    if (negative) out.push_back('-');
    if (nanoseconds == 0) {
        out.append("0s");
    } else if (nanoseconds < 1'000) {
        append_number(out, nanoseconds);
        out.append("ns");
    } else if (nanoseconds < 1'000'000) {
        append_decimal(out, nanoseconds, 3);
        out.append("\u00b5s");
    } else if (nanoseconds < 1'000'000'000) {
        append_decimal(out, nanoseconds, 6);
        out.append("ms");
    } else {
        const std::uint64_t minutes = nanoseconds / 60'000'000'000;
        if (minutes >= 60) append_number(out, minutes / 60), out.push_back('h');
        if (minutes > 0) append_number(out, minutes % 60), out.push_back('m');
        append_decimal(out, nanoseconds % 60'000'000'000, 9);
        out.push_back('s');
    }
}

std::string time_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x80) {
            out.append("\\x").append({kHex[byte >> 4], kHex[byte & 0xf]});
            continue;
        }
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out.append("\"");
}

Parsed<std::chrono::nanoseconds> parse_duration(std::string_view text) {
    const std::string in_quotes = time_quoted(text);
    const ParseError invalid{"time: invalid duration " + in_quotes};
    std::string_view rest = text;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    if (rest == "0") return std::chrono::nanoseconds{0};
    if (rest.empty()) return invalid;
    std::uint64_t total = 0;
    while (!rest.empty()) {
        const Amount amount = take_amount(rest);
        if (!amount.present || amount.too_large) return invalid;
        std::size_t size = 0;
        while (size < rest.size() && rest[size] != '.' && !is_digit(rest[size])) ++size;
        const std::string_view unit = rest.substr(0, size);
        if (unit.empty()) return ParseError{"time: missing unit in duration " + in_quotes};
        const std::uint64_t length = unit_of(unit);
        if (length == 0)
            return ParseError{"time: unknown unit " + time_quoted(unit) + " in duration " + in_quotes};
        rest.remove_prefix(size);
        if (amount.whole > kLongest / length) return invalid;
        const double part =
            static_cast<double>(amount.fraction) * (static_cast<double>(length) / amount.scale);
        // Three terms below 2^63, 2^63 and 2^42: no overflow.
        total += amount.whole * length + static_cast<std::uint64_t>(part);
        if (total > kLongest) return invalid;
    }
    const auto nanoseconds = static_cast<std::int64_t>(total);
    return std::chrono::nanoseconds{negative ? -nanoseconds : nanoseconds};
}

}  // namespace text
