// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_format.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>

#include <fmt/format.h>

namespace telemetry {
namespace {

using namespace std::chrono;

std::string_view base_name(std::string_view file) {
    const auto slash = file.rfind('/');
    return slash == std::string_view::npos ? file : file.substr(slash + 1);
}

struct Rune {
    char32_t value = 0;
    // Bytes taken; a byte that begins no valid sequence is taken alone.
    std::size_t bytes = 1;
    bool valid = false;
};

// The first rune of a text that is not empty, by RFC 3629: no overlong forms, no surrogates.
Rune first_rune(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char head = byte(0);
    if (head < 0x80) return {head, 1, true};
    const std::size_t length = head >= 0xF0 ? 4 : head >= 0xE0 ? 3 : 2;
    if (head < 0xC2 || head > 0xF4 || text.size() < length) return {};
    char32_t value = head & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        value = (value << 6) | (byte(i) & 0x3Fu);
    }
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return {};
    return {value, length, true};
}

// unicode.IsPrint without its tables: the separators, controls, format characters and private areas of the
// basic plane are not printable, unassigned code points are taken for printable.
bool printable(char32_t rune) {
    struct Range {
        char32_t first, last;
    };
    constexpr Range kHidden[] = {{0, 0x1F},        {0x7F, 0xA0},       {0xAD, 0xAD},       {0x600, 0x605},
                                 {0x61C, 0x61C},   {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x1680, 0x1680},
                                 {0x180E, 0x180E}, {0x2000, 0x200F},   {0x2028, 0x202F},   {0x205F, 0x206F},
                                 {0x3000, 0x3000}, {0xD800, 0xF8FF},   {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},
                                 {0xFFFE, 0xFFFF}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF}};
    for (const Range& range : kHidden)
        if (rune >= range.first && rune <= range.last) return false;
    return true;
}

// The letter after the backslash, 0: none.
char short_escape(char32_t rune, bool go) {
    switch (rune) {
        case '"':
            return '"';
        case '\\':
            return '\\';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        case '\a':
            return go ? 'a' : '\0';
        case '\b':
            return go ? 'b' : '\0';
        case '\f':
            return go ? 'f' : '\0';
        case '\v':
            return go ? 'v' : '\0';
        default:
            return '\0';
    }
}

template <class... Values>
void append_format(std::string& out, const char* format, Values... values) {
    fmt::format_to(std::back_inserter(out), fmt::runtime(format), values...);
}

// A rune that is not printable, or the byte that begins none, as Go's %q has it.
void append_escape(std::string& out, const Rune& rune, char byte) {
    if (!rune.valid) return append_format(out, "\\x{:02x}", static_cast<unsigned char>(byte));
    const char* format = rune.value < 0x80 ? "\\x{:02x}" : rune.value < 0x10000 ? "\\u{:04x}" : "\\U{:08x}";
    append_format(out, format, static_cast<std::uint32_t>(rune.value));
}

void append_quoted_rune(std::string& out, const Rune& rune, std::string_view text) {
    const char letter = rune.valid ? short_escape(rune.value, true) : '\0';
    if (letter != '\0')
        (out += '\\') += letter;
    else if (rune.valid && printable(rune.value))
        out += text.substr(0, rune.bytes);
    else
        append_escape(out, rune, text.front());
}

// In a block only what a terminal or a reader of lines would obey is escaped.
void append_block_rune(std::string& out, const Rune& rune, std::string_view text) {
    if (rune.valid && (printable(rune.value) || rune.value == '\t'))
        out += text.substr(0, rune.bytes);
    else if (rune.value == '\r')
        out += "\\r";
    else
        append_escape(out, rune, text.front());
}

void append_json_rune(std::string& out, const Rune& rune, std::string_view text) {
    const auto value = static_cast<std::uint32_t>(rune.value);
    if (!rune.valid)
        out += "\\ufffd";
    else if (const char letter = short_escape(rune.value, false))
        (out += '\\') += letter;
    else if (printable(rune.value))
        out += text.substr(0, rune.bytes);
    else if (value < 0x10000)
        append_format(out, "\\u{:04x}", value);
    else
        append_format(out, "\\u{:04x}\\u{:04x}", 0xD800 + ((value - 0x10000) >> 10),
                      0xDC00 + (value & 0x3FF));
}

using AppendRune = void (*)(std::string&, const Rune&, std::string_view);

// Rune by rune, until the value has become too long for a line: whoever chose it may not fill the log.
void append_runes(std::string& out, std::string_view text, AppendRune append, std::size_t longest) {
    const std::size_t end = out.size() + longest;
    while (!text.empty()) {
        const Rune rune = first_rune(text);
        const std::size_t before = out.size();
        append(out, rune, text);
        if (out.size() > end) {
            out.resize(before);
            return append_format(out, "... ({} more bytes)", text.size());
        }
        text.remove_prefix(rune.bytes);
    }
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    append_runes(out, text, append_json_rune, kLongestValue);
    out += '"';
}

void append_text_string(std::string& out, std::string_view text) {
    out += '"';
    append_runes(out, text, append_quoted_rune, kLongestValue);
    out += '"';
}

// The value of a field: quoted, or a block when it has several lines (klog's writeStringValue). Each line of
// a block begins with a tab, which no head of a line does.
void append_text_value(std::string& out, std::string_view value) {
    if (value.find('\n') == std::string_view::npos) {
        out += '=';
        return append_text_string(out, value);
    }
    out += "=<\n";
    const std::size_t full = out.size() + kLongestValue;
    while (!value.empty()) {
        if (out.size() >= full) {
            append_format(out, "\t... ({} more bytes)\n", value.size());
            break;
        }
        const auto end = value.find('\n');
        out += '\t';
        append_runes(out, value.substr(0, end), append_block_rune, full - std::min(full, out.size()));
        out += '\n';
        value.remove_prefix(end == std::string_view::npos ? value.size() : end + 1);
    }
    out += " >";
}

// Keys are our own words; a word that is not is quoted.
void append_text_key(std::string& out, std::string_view key) {
    const bool plain = std::all_of(key.begin(), key.end(),
                                   [](char c) { return c > ' ' && c < 0x7F && c != '=' && c != '"'; });
    if (plain && !key.empty())
        out += key;
    else
        append_text_string(out, key);
}

// JSON has no NaN and no infinity.
bool is_json_literal(std::string_view value) {
    return value.find("inf") == std::string_view::npos && value.find("nan") == std::string_view::npos;
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    append_runes(out, text, append_quoted_rune, std::string::npos - out.size());
    out += '"';
}

std::string to_text(const Line& line) {
    constexpr char kLetters[] = {'I', 'W', 'E'};
    const auto micros = floor<microseconds>(line.at.time_since_epoch());
    const std::time_t seconds_part = floor<seconds>(micros).count();
    std::tm local{};
    localtime_r(&seconds_part, &local);
    std::string out =
        fmt::format("{}{:02}{:02} {:02}:{:02}:{:02}.{:06} {:7} {}:{}] ",
                    kLetters[static_cast<std::size_t>(line.severity)], local.tm_mon + 1, local.tm_mday,
                    local.tm_hour, local.tm_min, local.tm_sec, (micros - floor<seconds>(micros)).count(),
                    line.process, base_name(line.file), line.line);
    append_text_string(out, line.message);
    for (const Field& field : line.fields) {
        append_text_key(out += ' ', field.key);
        if (field.quoted)
            append_text_value(out, field.value);
        else
            (out += '=') += field.value;
    }
    out += '\n';
    return out;
}

std::string to_json(const Line& line) {
    const auto micros = floor<microseconds>(line.at.time_since_epoch()).count();
    std::string out = fmt::format("{{\"ts\":{}.{:03},\"caller\":\"{}:{}\",\"msg\":", micros / 1000,
                                  micros % 1000, base_name(line.file), line.line);
    append_json_string(out, line.message);
    if (line.severity != Severity::error) out += ",\"v\":0";
    for (const Field& field : line.fields) {
        out += ',';
        append_json_string(out, field.key);
        out += ':';
        if (field.quoted || !is_json_literal(field.value))
            append_json_string(out, field.value);
        else
            out += field.value;
    }
    out += "}\n";
    return out;
}

}  // namespace telemetry
