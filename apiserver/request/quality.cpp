// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/quality.hpp"

#include "net/http/message.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>

namespace apiserver {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

using IsDigit = bool (*)(char);

// Without its underscores; nullopt: one of them is not between two digits. The prefix 0x counts as a digit.
std::optional<std::string> without_underscores(std::string_view text, bool prefixed, IsDigit digit) {
    std::string out;
    bool after_digit = prefixed;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool separates = after_digit && i + 1 < text.size() && digit(text[i + 1]);
        if (text[i] == '_' && !separates) return std::nullopt;
        after_digit = digit(text[i]);
        if (text[i] != '_') out.push_back(text[i]);
    }
    return out;
}

// digits [. digits] [exponent]; a hexadecimal number must have an exponent.
bool is_number(std::string_view text, bool hex, IsDigit digit) {
    std::size_t at = 0;
    std::size_t digits = 0;
    bool dot = false;
    for (; at < text.size(); ++at) {
        if (digit(text[at]))
            ++digits;
        else if (text[at] == '.' && !dot)
            dot = true;
        else
            break;
    }
    if (digits == 0) return false;
    if (at == text.size()) return !hex;
    if (!net::equal_ignoring_case(text.substr(at, 1), hex ? "p" : "e")) return false;
    std::string_view exponent = text.substr(at + 1);
    if (exponent.starts_with('+') || exponent.starts_with('-')) exponent.remove_prefix(1);
    return !exponent.empty() && std::all_of(exponent.begin(), exponent.end(), is_digit);
}

}  // namespace

float parse_quality(std::string_view text) {
    if (net::equal_ignoring_case(text, "nan")) return std::numeric_limits<float>::quiet_NaN();
    const float sign = text.starts_with('-') ? -1 : 1;
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (net::equal_ignoring_case(text, "inf") || net::equal_ignoring_case(text, "infinity"))
        return sign * std::numeric_limits<float>::infinity();
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex) text.remove_prefix(2);
    const IsDigit digit = hex ? is_hex_digit : is_digit;
    const std::optional<std::string> number = without_underscores(text, hex, digit);
    if (!number || !is_number(*number, hex, digit)) return 0;
    // Not from_chars: it does not tell what is too large from what is too small. Nobody sets a locale here.
    return sign * std::strtof(((hex ? "0x" : "") + *number).c_str(), nullptr);
}

}  // namespace apiserver
