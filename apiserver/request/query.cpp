// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/query.hpp"

#include <algorithm>

namespace apiserver {
namespace {

// -1: not a hexadecimal digit.
int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Splits `text` at the first `separator`; without one the second part is empty.
std::pair<std::string_view, std::string_view> cut(std::string_view text, char separator) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) return {text, {}};
    return {text.substr(0, at), text.substr(at + 1)};
}

std::optional<std::string> query_decoded(std::string_view text) {
    std::string spaced{text};
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return percent_decoded(spaced);
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out.push_back(static_cast<char>(high << 4 | low));
        i += 2;
    }
    return out;
}

Query::Query(std::string_view text) {
    while (!text.empty() && pairs_.size() < kMaxPairs) {
        const auto [pair, rest] = cut(text, '&');
        text = rest;
        if (pair.empty() || pair.find(';') != std::string_view::npos) continue;
        const auto [raw_key, raw_value] = cut(pair, '=');
        std::optional<std::string> key = query_decoded(raw_key);
        std::optional<std::string> value = query_decoded(raw_value);
        if (key && value) pairs_.emplace_back(std::move(*key), std::move(*value));
    }
}

std::optional<std::string_view> Query::find(std::string_view key) const {
    for (const auto& [name, value] : pairs_)
        if (name == key) return value;
    return std::nullopt;
}

std::vector<std::string_view> Query::all(std::string_view key) const {
    std::vector<std::string_view> values;
    for (const auto& [name, value] : pairs_)
        if (name == key) values.push_back(value);
    return values;
}

std::optional<Target> parse_target(std::string_view target) {
    const auto [address, query] = cut(target, '?');
    std::string_view path = address;
    if (!path.starts_with('/')) {
        const std::size_t scheme = path.find("://");
        if (scheme != std::string_view::npos) {
            const std::size_t slash = path.find('/', scheme + 3);
            path = slash == std::string_view::npos ? "/" : path.substr(slash);
        }
    }
    std::optional<std::string> decoded = percent_decoded(path);
    if (!decoded) return std::nullopt;
    return Target{std::move(*decoded), Query{query}};
}

}  // namespace apiserver
