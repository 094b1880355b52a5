// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/request/url.hpp"

#include <algorithm>

namespace sim {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

void append_escaped(std::string& out, char c) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
}

}  // namespace

std::optional<std::string> unescape(std::string_view text, bool plus_is_space) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            result += ' ';
        } else if (text[i] != '%') {
            result += text[i];
        } else {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            result += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return result;
}

std::string escape_query(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == ' ')
            result += '+';
        else if (is_unreserved(c))
            result += c;
        else
            append_escaped(result, c);
    }
    return result;
}

std::string escape_path(std::string_view path) {
    static constexpr std::string_view kAlsoPlain = "$&+,/:;=@";
    std::string result;
    for (const char c : path) {
        if (is_unreserved(c) || kAlsoPlain.find(c) != std::string_view::npos)
            result += c;
        else
            append_escaped(result, c);
    }
    return result;
}

Query Query::parse(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty() || pair.find(';') != std::string_view::npos) continue;
        const std::size_t equals = pair.find('=');
        auto key = unescape(pair.substr(0, equals), true);
        auto value = unescape(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
        if (key && value) query.pairs_.emplace_back(std::move(*key), std::move(*value));
    }
    return query;
}

std::optional<std::string_view> Query::find(std::string_view key) const {
    for (const auto& [name, value] : pairs_)
        if (name == key) return value;
    return std::nullopt;
}

bool Query::flag(std::string_view key) const {
    const auto value = find(key);
    return value && *value != "0" && *value != "false";
}

std::string Query::encode() const {
    auto sorted = pairs_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string result;
    for (const auto& [key, value] : sorted) {
        if (!result.empty()) result += '&';
        result += escape_query(key) + '=' + escape_query(value);
    }
    return result;
}

std::optional<Url> Url::parse(std::string_view target) {
    const std::size_t mark = target.find('?');
    auto path = unescape(target.substr(0, mark), false);
    if (!path) return std::nullopt;
    Url url;
    url.path = std::move(*path);
    if (mark != std::string_view::npos) url.query = Query::parse(target.substr(mark + 1));
    return url;
}

std::vector<std::string> Url::segments() const {
    std::vector<std::string> result;
    std::string_view rest = path;
    while (rest.starts_with('/')) rest.remove_prefix(1);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        result.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return result;
}

}  // namespace sim
