// SPDX-License-Identifier: Apache-2.0
// What plain text means to go.yaml.in/yaml/v2 (resolve.go, encode.go), to the letter.
#include "apiserver/yaml/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace apiserver {
namespace {

constexpr std::string_view kWords[] = {"y",     "Y",     "yes",   "Yes",   "YES",   "true", "True", "TRUE",
                                       "on",    "On",    "ON",    "n",     "N",     "no",   "No",   "NO",
                                       "false", "False", "FALSE", "off",   "Off",   "OFF",  "~",    "null",
                                       "Null",  "NULL",  ".nan",  ".NaN",  ".NAN",  ".inf", ".Inf", ".INF",
                                       "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Reads a text from its front.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_{text} {}

    bool done() const { return rest_.empty(); }
    bool take(char c) {
        if (rest_.empty() || rest_[0] != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take_sign() { return take('+') || take('-'); }
    std::size_t take_digits() {
        std::size_t count = 0;
        while (count < rest_.size() && is_digit(rest_[count])) ++count;
        rest_.remove_prefix(count);
        return count;
    }
    // A number of one or two digits; -1: there is none.
    int take_short() {
        int value = -1;
        for (int i = 0; i < 2 && !rest_.empty() && is_digit(rest_[0]); ++i) {
            value = std::max(value, 0) * 10 + (rest_[0] - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }
    // Exactly two digits; -1: they are not there.
    int take_pair() {
        return rest_.size() >= 2 && is_digit(rest_[0]) && is_digit(rest_[1]) ? take_short() : -1;
    }

  private:
    std::string_view rest_;
};

bool is_day(int year, int month, int day) {
    constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month < 1 || month > 12) return false;
    return day >= 1 && day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

// hour:minute:second with a fraction of any length.
bool take_clock(Reader& in) {
    const int hour = in.take_short();
    if (hour < 0 || hour > 23 || !in.take(':')) return false;
    const int minute = in.take_short();
    if (minute < 0 || minute > 59 || !in.take(':')) return false;
    const int second = in.take_short();
    if (second < 0 || second > 59) return false;
    if (in.take('.') || in.take(',')) return in.take_digits() > 0;
    return true;
}

bool take_zone(Reader& in) {
    if (in.take('Z')) return true;
    if (!in.take_sign()) return false;
    const int hours = in.take_pair();
    if (hours < 0 || hours > 24 || !in.take(':')) return false;
    const int minutes = in.take_pair();
    return minutes >= 0 && minutes <= 60;
}

// One of allowedTimestampFormats.
bool is_time(std::string_view text) {
    Reader in{text};
    if (in.take_digits() != 4 || !in.take('-')) return false;
    const int year = std::atoi(std::string{text.substr(0, 4)}.c_str());
    const int month = in.take_short();
    if (!in.take('-') || !is_day(year, month, in.take_short())) return false;
    if (in.done()) return true;
    if (in.take('T') || in.take('t')) return take_clock(in) && take_zone(in) && in.done();
    return in.take(' ') && take_clock(in) && in.done();
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?, and not too large.
bool is_decimal(std::string_view text) {
    Reader in{text};
    in.take_sign();
    const std::size_t whole = in.take_digits();
    const bool point = in.take('.');
    const std::size_t fraction = point ? in.take_digits() : 0;
    if (whole == 0 && fraction == 0) return false;
    if (in.take('e') || in.take('E')) {
        in.take_sign();
        if (in.take_digits() == 0) return false;
    }
    return in.done() && std::isfinite(std::strtod(std::string{text}.c_str(), nullptr));
}

// ".1_000": Go's ParseFloat takes single underscores between digits.
bool is_separated_fraction(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            digits.push_back(text[i]);
            continue;
        }
        const bool between = is_digit(text[i - 1]) && i + 1 < text.size() && is_digit(text[i + 1]);
        if (!between) return false;
    }
    return is_decimal(digits);
}

bool all_in_base(std::string_view digits, int base, std::uint64_t limit) {
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
    return !digits.empty() && error == std::errc{} && stop == end && value <= limit;
}

// strconv.ParseInt or ParseUint with base 0.
bool is_integer(std::string_view text) {
    constexpr auto kMaxSigned = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool negative = text.starts_with('-');
    const bool has_sign = negative || text.starts_with('+');
    if (has_sign) text.remove_prefix(1);
    const std::uint64_t limit =
        has_sign ? kMaxSigned + (negative ? 1 : 0) : std::numeric_limits<std::uint64_t>::max();
    if (text.size() < 2 || text[0] != '0') return all_in_base(text, 10, limit);
    const char mark = static_cast<char>(text[1] | 0x20);
    if (mark == 'x') return all_in_base(text.substr(2), 16, limit);
    if (mark == 'b') return all_in_base(text.substr(2), 2, limit);
    if (mark == 'o') return all_in_base(text.substr(2), 8, limit);
    return all_in_base(text.substr(1), 8, limit);
}

// "0b-1" and "0b+1" pass as numbers, too.
bool is_odd_binary(std::string_view text) {
    if (!text.starts_with("0b-") && !text.starts_with("0b+")) return false;
    return is_integer(std::string{text.substr(2, 1)}.append("0b").append(text.substr(3)));
}

bool is_number(std::string_view text) {
    std::string digits;
    for (const char c : text)
        if (c != '_') digits.push_back(c);
    return is_integer(digits) || is_decimal(digits) || is_odd_binary(digits);
}

// [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?: what YAML 1.1 takes for a number in base 60.
bool is_base_60(std::string_view text) {
    std::size_t i = text.starts_with('+') || text.starts_with('-') ? 1 : 0;
    if (i == text.size() || !is_digit(text[i])) return false;
    while (i < text.size() && (is_digit(text[i]) || text[i] == '_')) ++i;
    std::size_t groups = 0;
    for (; i + 1 < text.size() && text[i] == ':' && is_digit(text[i + 1]); ++groups) {
        const bool two = i + 2 < text.size() && is_digit(text[i + 2]);
        if (two && text[i + 1] > '5') return false;
        i += two ? 3 : 2;
    }
    if (groups == 0) return false;
    if (i < text.size() && text[i] == '.')
        ++i;
    else
        return i == text.size();
    while (i < text.size() && (is_digit(text[i]) || text[i] == '_')) ++i;
    return i == text.size();
}

}  // namespace

bool yaml_reads_as_text(std::string_view text) {
    if (text.empty()) return false;
    for (const std::string_view word : kWords)
        if (text == word) return false;
    const char first = text[0];
    if (first == '.') return !is_decimal(text) && !is_separated_fraction(text);
    if (!is_digit(first) && first != '+' && first != '-') return true;
    return !is_time(text) && !is_number(text) && !is_base_60(text);
}

}  // namespace apiserver
