// SPDX-License-Identifier: Apache-2.0
// Request targets, read and written as Go's net/url does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

class Query {
  public:
    // As url.ParseQuery: pairs that are malformed (a bad escape, a semicolon) are left out.
    static Query parse(std::string_view text);

    // The first value; nullopt: the key is not there.
    std::optional<std::string_view> find(std::string_view key) const;
    // The first value, or "".
    std::string_view get(std::string_view key) const { return find(key).value_or(""); }
    // Not there, "0" and "false" are false; all else is true, as Kubernetes decodes query flags.
    bool flag(std::string_view key) const;
    // As url.Values.Encode: sorted by key, values in their order.
    std::string encode() const;
    bool empty() const { return pairs_.empty(); }

  private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

struct Url {
    // Decoded.
    std::string path;
    Query query;

    // nullopt: a bad escape in the path.
    static std::optional<Url> parse(std::string_view target);
    // The parts between slashes; none is empty but those of "//".
    std::vector<std::string> segments() const;
};

// nullopt: a '%' without two hex digits. `plus_is_space`: in queries.
std::optional<std::string> unescape(std::string_view text, bool plus_is_space);
// As url.QueryEscape.
std::string escape_query(std::string_view text);
// As url.URL.EscapedPath of a decoded path.
std::string escape_path(std::string_view path);

}  // namespace sim
