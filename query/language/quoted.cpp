// SPDX-License-Identifier: Apache-2.0
#include "query/language/quoted.hpp"

#include <charconv>
#include <cstdint>

namespace query {
namespace {

void append_utf8(std::string& out, std::uint32_t rune) {
    const auto tail = [&](unsigned shift) {
        out.push_back(static_cast<char>(0x80 | ((rune >> shift) & 0x3f)));
    };
    if (rune < 0x80) {
        out.push_back(static_cast<char>(rune));
    } else if (rune < 0x800) {
        out.push_back(static_cast<char>(0xc0 | (rune >> 6)));
        tail(0);
    } else if (rune < 0x10000) {
        out.push_back(static_cast<char>(0xe0 | (rune >> 12)));
        tail(6);
        tail(0);
    } else {
        out.push_back(static_cast<char>(0xf0 | (rune >> 18)));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::optional<std::uint32_t> take_number(std::string_view& text, std::size_t digits, int base) {
    if (text.size() < digits) return std::nullopt;
    std::uint32_t value = 0;
    const char* const end = text.data() + digits;
    if (const auto read = std::from_chars(text.data(), end, value, base);
        read.ec != std::errc{} || read.ptr != end)
        return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

// Behind the backslash. False: it is none.
bool append_escaped(std::string& out, std::string_view& text, char quote) {
    const char c = text[0];
    text.remove_prefix(1);
    constexpr std::string_view kLetters = "abfnrtv\\";
    if (const std::size_t at = kLetters.find(c); at != kLetters.npos) {
        out.push_back("\a\b\f\n\r\t\v\\"[at]);
        return true;
    }
    if (c == quote) return out.push_back(c), true;
    if (c == 'x' || (c >= '0' && c <= '7')) {
        if (c != 'x') text = {text.data() - 1, text.size() + 1};
        const auto byte = c == 'x' ? take_number(text, 2, 16) : take_number(text, 3, 8);
        if (!byte || *byte > 0xff) return false;
        out.push_back(static_cast<char>(*byte));
        return true;
    }
    if (c != 'u' && c != 'U') return false;
    const auto rune = take_number(text, c == 'u' ? 4 : 8, 16);
    if (!rune || *rune > 0x10ffff || (*rune >= 0xd800 && *rune < 0xe000)) return false;
    append_utf8(out, *rune);
    return true;
}

}  // namespace

std::optional<std::string> unquoted(std::string_view literal) {
    if (literal.size() < 2 || literal.front() != literal.back()) return std::nullopt;
    const char quote = literal.front();
    std::string_view text = literal.substr(1, literal.size() - 2);
    if (quote == '`') return std::string{text};
    std::string out;
    while (!text.empty()) {
        const std::size_t plain = std::min(text.find('\\'), text.size());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        text.remove_prefix(1);
        if (text.empty() || !append_escaped(out, text, quote)) return std::nullopt;
    }
    return out;
}

}  // namespace query
