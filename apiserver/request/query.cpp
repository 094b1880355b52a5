// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/query.hpp"

#include "text/split.hpp"

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
        std::string_view pair = text::take(text, '&');
        if (pair.empty() || pair.find(';') != std::string_view::npos) continue;
        std::optional<std::string> key = query_decoded(text::take(pair, '='));
        std::optional<std::string> value = query_decoded(pair);
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
    std::string_view path = text::take(target, '?');
    if (!path.starts_with('/')) {
        const std::size_t scheme = path.find("://");
        if (scheme != std::string_view::npos) {
            const std::size_t slash = path.find('/', scheme + 3);
            path = slash == std::string_view::npos ? "/" : path.substr(slash);
        }
    }
    std::optional<std::string> decoded = percent_decoded(path);
    if (!decoded) return std::nullopt;
    return Target{std::move(*decoded), Query{target}};
}

}  // namespace apiserver
