// SPDX-License-Identifier: Apache-2.0
#include "test/sink/influx/line_reader.hpp"

#include "gzip/reader.hpp"

#include <cerrno>
#include <cstdlib>
#include <utility>

namespace test::influx {
namespace {

// Takes a name up to one of `ends`, which stays. A backslash in front of one of `escaped` is no part of it,
// in front of anything else it is.
std::string take_name(std::string_view& rest, std::string_view ends, std::string_view escaped) {
    std::string name;
    while (!rest.empty() && ends.find(rest[0]) == ends.npos) {
        if (rest[0] == '\\' && rest.size() > 1 && escaped.find(rest[1]) != escaped.npos)
            rest.remove_prefix(1);
        name.push_back(rest[0]);
        rest.remove_prefix(1);
    }
    return name;
}

bool take(std::string_view& rest, char expected) {
    if (rest.empty() || rest[0] != expected) return false;
    rest.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> integer_of(const std::string& text) {
    char* end = nullptr;
    errno = 0;
    const long long value = std::strtoll(text.c_str(), &end, 10);
    if (text.empty() || *end != '\0' || errno != 0) return std::nullopt;
    return value;
}

std::optional<std::variant<std::int64_t, double>> value_of(std::string text) {
    if (text.ends_with('i')) {
        text.pop_back();
        const auto whole = integer_of(text);
        if (!whole) return std::nullopt;
        return *whole;
    }
    if (text.find_first_not_of("0123456789+-.e") != text.npos) return std::nullopt;
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0') return std::nullopt;
    return value;
}

bool take_tags(std::string_view& rest, ReadLine& out) {
    while (take(rest, ',')) {
        const std::string key = take_name(rest, "=, ", ",= ");
        if (key.empty() || !take(rest, '=')) return false;
        const std::string value = take_name(rest, ", ", ",= ");
        if (value.empty() || !out.tags.emplace(key, value).second) return false;
        out.tag_keys.push_back(key);
    }
    return true;
}

bool take_fields(std::string_view& rest, ReadLine& out) {
    do {
        const std::string key = take_name(rest, "=, ", ",= ");
        if (key.empty() || !take(rest, '=')) return false;
        const auto value = value_of(take_name(rest, ", ", ""));
        if (!value || !out.fields.emplace(key, *value).second) return false;
    } while (take(rest, ','));
    return true;
}

}  // namespace

std::optional<ReadLine> read_line(std::string_view line) {
    ReadLine out;
    if (line.starts_with('#') || line.find('\n') != line.npos) return std::nullopt;
    out.measurement = take_name(line, ", ", ", ");
    if (out.measurement.empty() || !take_tags(line, out) || !take(line, ' ')) return std::nullopt;
    if (!take_fields(line, out) || !take(line, ' ')) return std::nullopt;
    const auto time = integer_of(std::string{line});
    if (!time) return std::nullopt;
    out.time = *time;
    return out;
}

std::string uncompressed(const std::string& body) {
    gzip::Reader reader;
    reader.restart(std::uint64_t{1} << 30);
    std::string text;
    reader.feed(body, [&](std::string_view piece) { text.append(piece); });
    return reader.ended() ? text : "broken";
}

std::optional<std::vector<ReadLine>> read_text(std::string_view text) {
    std::vector<ReadLine> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == text.npos) return std::nullopt;
        auto line = read_line(text.substr(0, end));
        if (!line) return std::nullopt;
        lines.push_back(std::move(*line));
        text.remove_prefix(end + 1);
    }
    return lines;
}

}  // namespace test::influx
