// SPDX-License-Identifier: Apache-2.0
#include "apiserver/encode/go_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>

namespace apiserver {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// Bytes that encoding/json copies as they are.
constexpr std::array<bool, 256> kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = true;
    for (const char c : {'"', '\\', '<', '>', '&'}) plain[static_cast<unsigned char>(c)] = false;
    return plain;
}();

void append_unicode_escape(std::string& out, unsigned code) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kHex[(code >> shift) & 0xf]);
}

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// The length of the UTF-8 sequence at the start of `text` (which is not ASCII); 0: broken.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if (!continues(text[i])) return 0;
    if (lead == 0xe0 && byte(1) < 0xa0) return 0;
    if (lead == 0xed && byte(1) > 0x9f) return 0;
    if (lead == 0xf0 && byte(1) < 0x90) return 0;
    if (lead == 0xf4 && byte(1) > 0x8f) return 0;
    return length;
}

// Appends the escape of the character at the start of `text`; how many bytes it took.
std::size_t append_json_escape(std::string& out, std::string_view text) {
    const char c = text[0];
    const unsigned code = static_cast<unsigned char>(c);
    if (code >= 0x80) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return append_unicode_escape(out, 0xfffd), 1;
        const std::string_view character = text.substr(0, length);
        if (character == "\u2028") return append_unicode_escape(out, 0x2028), length;
        if (character == "\u2029") return append_unicode_escape(out, 0x2029), length;
        return out.append(character), length;
    }
    constexpr std::string_view kNamed = "\"\\\b\f\n\r\t";
    const std::size_t named = kNamed.find(c);
    if (named == std::string_view::npos) return append_unicode_escape(out, code), 1;
    out.push_back('\\');
    out.push_back("\"\\bfnrt"[named]);
    return 1;
}

void append_quoted_control(std::string& out, unsigned char c) {
    constexpr std::string_view kNamed = "\a\b\f\n\r\t\v";
    const std::size_t named = kNamed.find(static_cast<char>(c));
    out.push_back('\\');
    if (named != std::string_view::npos) {
        out.push_back("abfnrtv"[named]);
        return;
    }
    out.push_back('x');
    out.push_back(kHex[c >> 4]);
    out.push_back(kHex[c & 0xf]);
}

// The code point of a UTF-8 sequence that utf8_length() took.
unsigned code_point(std::string_view character) {
    if (character.size() == 1) return static_cast<unsigned char>(character[0]);
    unsigned code = static_cast<unsigned char>(character[0]) & (0x7fU >> character.size());
    for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
    return code;
}

// What strconv.IsPrint refuses up to U+FFFF, but for what is not assigned: controls, spaces, marks of
// direction and format, surrogates and private use.
bool is_unprintable(unsigned code) {
    constexpr struct {
        unsigned first;
        unsigned last;
    } kRanges[] = {{0x80, 0xa0},     {0xad, 0xad},     {0x600, 0x605},   {0x61c, 0x61c},   {0x6dd, 0x6dd},
                   {0x70f, 0x70f},   {0x1680, 0x1680}, {0x180e, 0x180e}, {0x2000, 0x200f}, {0x2028, 0x202f},
                   {0x205f, 0x206f}, {0x3000, 0x3000}, {0xd800, 0xf8ff}, {0xfeff, 0xfeff}, {0xfff0, 0xfffb}};
    return std::any_of(std::begin(kRanges), std::end(kRanges),
                       [code](const auto& range) { return range.first <= code && code <= range.last; });
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

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const std::size_t length = c < 0x80 ? 1 : utf8_length(text.substr(i));
        if (c == '"' || c == '\\') out.append("\\");
        const unsigned code = length > 1 ? code_point(text.substr(i, length)) : c;
        if (length == 0 || c < 0x20 || c == 0x7f)
            append_quoted_control(out, c);
        else if (length > 1 && is_unprintable(code))
            append_unicode_escape(out, code);
        else
            out.append(text.substr(i, length));
        i += std::max<std::size_t>(length, 1);
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

}  // namespace apiserver
