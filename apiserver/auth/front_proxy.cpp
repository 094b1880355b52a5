// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/front_proxy.hpp"

#include "apiserver/request/query.hpp"

#include <utility>

namespace apiserver {
namespace {

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string first_value(const net::Headers& headers, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        const auto value = headers.find(name);
        if (value && !value->empty()) return std::string{*value};
    }
    return {};
}

// The key of an extra header: lower-cased, then unescaped; one that cannot be unescaped stays as it is.
std::string extra_key(std::string_view escaped) {
    const std::string key = lower(escaped);
    return percent_decoded(key).value_or(key);
}

}  // namespace

void read_extra(User& user, const net::Headers& headers, std::string_view prefix) {
    for (const auto& [name, value] : headers) {
        const std::string_view text = name;
        if (text.size() < prefix.size()) continue;
        if (!net::equal_ignoring_case(text.substr(0, prefix.size()), prefix)) continue;
        user.extra[extra_key(text.substr(prefix.size()))].push_back(value);
    }
}

std::optional<User> user_from_headers(const net::Headers& headers, const FrontProxyConfig& config) {
    User user;
    user.name = first_value(headers, config.username_headers);
    if (user.name.empty()) return std::nullopt;
    user.uid = first_value(headers, config.uid_headers);
    for (const std::string& name : config.group_headers)
        for (const auto& [header, group] : headers)
            if (!group.empty() && net::equal_ignoring_case(header, name)) user.groups.push_back(group);
    for (const std::string& prefix : config.extra_prefixes) read_extra(user, headers, prefix);
    user.add_authenticated_group();
    return user;
}

}  // namespace apiserver
