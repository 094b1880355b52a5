// SPDX-License-Identifier: Apache-2.0
// The target of a request: percent-decoded path and query parameters, as Go's net/url reads them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apiserver {

// %XX decoded; nullopt when an escape is broken. Plus signs stay.
std::optional<std::string> percent_decoded(std::string_view text);

// Query parameters in their order. A pair with a broken escape or with a semicolon is dropped and the rest
// applies (contract: url.ParseQuery, whose errors net/http ignores). So is what comes after kMaxPairs pairs.
class Query {
  public:
    static constexpr std::size_t kMaxPairs = 10'000;

    Query() = default;
    explicit Query(std::string_view text);

    // The first value; nullopt: no such parameter.
    std::optional<std::string_view> find(std::string_view key) const;
    // The first value, or nothing.
    std::string_view get(std::string_view key) const { return find(key).value_or(std::string_view{}); }
    std::vector<std::string_view> all(std::string_view key) const;
    bool contains(std::string_view key) const { return find(key).has_value(); }

  private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

struct Target {
    // Decoded; starts with a slash unless the target is "*".
    std::string path;
    Query query;
};

// `target` is that of a request line, in origin or absolute form. nullopt: the path has a broken escape.
std::optional<Target> parse_target(std::string_view target);

}  // namespace apiserver
