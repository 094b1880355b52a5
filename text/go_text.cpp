// SPDX-License-Identifier: Apache-2.0
#include "text/go_text.hpp"

#include <array>
#include <charconv>

namespace text {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// Bytes that encoding/json copies as they are.
constexpr std::array<bool, 256> kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = true;
    for (const char c : {'"', '\\', '<', '>', '&'}) plain[static_cast<unsigned char>(c)] = false;
    return plain;
}();

void append_hex(std::string& out, std::uint32_t value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.push_back(kHex[(value >> shift) & 0xf]);
}

void append_unicode_escape(std::string& out, std::uint32_t code) {
    append_hex(out.append("\\u"), code, 4);
}

// Appends the escape of the character at the start of `text`; how many bytes it took.
std::size_t append_json_escape(std::string& out, std::string_view text) {
    const char c = text[0];
    const unsigned code = static_cast<unsigned char>(c);
    if (code >= 0x80) {
        const Rune rune = first_rune(text);
        if (!rune.valid)
            append_unicode_escape(out, 0xfffd);
        else if (rune.value == 0x2028 || rune.value == 0x2029)
            append_unicode_escape(out, rune.value);
        else
            out.append(text.substr(0, rune.bytes));
        return rune.bytes;
    }
    constexpr std::string_view kNamed = "\"\\\b\f\n\r\t";
    const std::size_t named = kNamed.find(c);
    if (named == std::string_view::npos) return append_unicode_escape(out, code), 1;
    out.push_back('\\');
    out.push_back("\"\\bfnrt"[named]);
    return 1;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out.push_back('"');
    std::size_t start = 0;
    std::size_t i = 0;
    while (i < text.size()) {
        if (kPlain[static_cast<unsigned char>(text[i])]) {
            ++i;
            continue;
        }
        out.append(text.substr(start, i - start));
        i += append_json_escape(out, text.substr(i));
        start = i;
    }
    out.append(text.substr(start));
    out.push_back('"');
}

void append_escape(std::string& out, const Rune& rune, char byte) {
    const std::uint32_t value = rune.valid ? rune.value : static_cast<unsigned char>(byte);
    if (value < 0x80 || !rune.valid)
        append_hex(out.append("\\x"), value, 2);
    else if (value < 0x10000)
        append_hex(out.append("\\u"), value, 4);
    else
        append_hex(out.append("\\U"), value, 8);
}

void append_quoted_rune(std::string& out, const Rune& rune, std::string_view text) {
    constexpr std::string_view kNamed = "\"\\\a\b\f\n\r\t\v";
    const std::size_t named = kNamed.find(text.front());
    if (named != std::string_view::npos)
        out.append({'\\', "\"\\abfnrtv"[named]});
    else if (rune.valid && is_printable(rune.value))
        out.append(text.substr(0, rune.bytes));
    else
        append_escape(out, rune, text.front());
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    while (!text.empty()) {
        const Rune rune = first_rune(text);
        append_quoted_rune(out, rune, text);
        text.remove_prefix(rune.bytes);
    }
    return out.append("\"");
}

Parsed<std::int64_t> parse_int(std::string_view text) {
    // from_chars knows no plus sign.
    const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
    const char* begin = text.data() + (plus ? 1 : 0);
    const char* end = text.data() + text.size();
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(begin, end, value);
    if (error == std::errc::invalid_argument || stop != end)
        return ParseError{"strconv.ParseInt: parsing " + quoted(text) + ": invalid syntax"};
    if (error == std::errc::result_out_of_range)
        return ParseError{"strconv.ParseInt: parsing " + quoted(text) + ": value out of range"};
    return value;
}

bool parse_bool(std::string_view text) {
    for (const std::string_view truth : {"1", "t", "T", "true", "TRUE", "True"})
        if (text == truth) return true;
    return false;
}

std::string html_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out.append("&amp;");
        else if (c == '<')
            out.append("&lt;");
        else if (c == '>')
            out.append("&gt;");
        else
            out.push_back(c);
    }
    return out;
}

}  // namespace text
