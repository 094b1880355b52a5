// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_format.hpp"

#include "text/go_text.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>

#include <fmt/format.h>

namespace telemetry {
namespace {

using namespace std::chrono;
using text::append_escape;
using text::append_quoted_rune;
using text::is_printable;
using text::Rune;

std::string_view base_name(std::string_view file) {
    const auto slash = file.rfind('/');
    return slash == std::string_view::npos ? file : file.substr(slash + 1);
}

// The letter after the backslash in JSON, 0: none.
char json_letter(char c) {
    constexpr std::string_view kNamed = "\"\\\n\r\t";
    const std::size_t named = kNamed.find(c);
    return named == std::string_view::npos ? '\0' : "\"\\nrt"[named];
}

template <class... Values>
void append_format(std::string& out, const char* format, Values... values) {
    fmt::format_to(std::back_inserter(out), fmt::runtime(format), values...);
}

// In a block only what a terminal or a reader of lines would obey is escaped.
void append_block_rune(std::string& out, const Rune& rune, std::string_view text) {
    if (rune.valid && (is_printable(rune.value) || rune.value == '\t'))
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
    else if (const char letter = json_letter(text.front()))
        (out += '\\') += letter;
    else if (is_printable(rune.value))
        out += text.substr(0, rune.bytes);
    else if (value < 0x10000)
        append_format(out, "\\u{:04x}", value);
    else
        append_format(out, "\\u{:04x}\\u{:04x}", 0xD800 + ((value - 0x10000) >> 10),
                      0xDC00 + (value & 0x3FF));
}

using AppendRune = void (*)(std::string&, const Rune&, std::string_view);

// Rune by rune, until the value has become too long for a line: whoever chose it may not fill the log.
void append_runes(std::string& out, std::string_view value, AppendRune append, std::size_t longest) {
    const std::size_t end = out.size() + longest;
    while (!value.empty()) {
        const Rune rune = text::first_rune(value);
        const std::size_t before = out.size();
        append(out, rune, value);
        if (out.size() > end) {
            out.resize(before);
            return append_format(out, "... ({} more bytes)", value.size());
        }
        value.remove_prefix(rune.bytes);
    }
}

void append_json_value(std::string& out, std::string_view text) {
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
    append_json_value(out, line.message);
    if (line.severity != Severity::error) out += ",\"v\":0";
    for (const Field& field : line.fields) {
        out += ',';
        append_json_value(out, field.key);
        out += ':';
        if (field.quoted || !is_json_literal(field.value))
            append_json_value(out, field.value);
        else
            out += field.value;
    }
    out += "}\n";
    return out;
}

}  // namespace telemetry
