// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/authentication_config.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace apiserver {
namespace {

std::string_view value_of(const KeyedText& data, std::string_view key) {
    for (const auto& [name, value] : data)
        if (name == key) return value;
    return {};
}

}  // namespace

ReadKey<std::vector<std::string>> read_list(const KeyedText& data, std::string_view key) {
    std::vector<std::string> values;
    const std::string_view text = value_of(data, key);
    if (text.empty()) return values;
    const nlohmann::json list = nlohmann::json::parse(text, nullptr, false);
    // The parser takes a zero byte for the end.
    if (!list.is_array() || text.find('\0') != std::string_view::npos)
        return UnreadableKey{key, "not a JSON array of strings"};
    for (const nlohmann::json& item : list) {
        if (!item.is_string()) return UnreadableKey{key, "an item of the JSON array is not a string"};
        values.push_back(item.get<std::string>());
        if (values.back().empty()) return UnreadableKey{key, "an item of the JSON array is an empty string"};
    }
    return values;
}

ReadKey<net::TrustPool> read_authorities(const KeyedText& data, std::string_view key) {
    const std::string_view pem = value_of(data, key);
    if (pem.empty()) return UnreadableKey{key, "missing or empty", true};
    auto pool = net::TrustPool::from_pem(std::string{pem});
    if (!pool) return UnreadableKey{key, pool.error().message()};
    return std::move(*pool);
}

ReadKey<FrontProxyConfig> read_front_proxy(const KeyedText& data) {
    auto authorities = read_authorities(data, kFrontProxyCaKey);
    if (!authorities) return authorities.error();
    FrontProxyConfig config;
    config.authorities = std::move(*authorities);
    const std::pair<std::string_view, std::vector<std::string>*> lists[] = {
        {kAllowedNamesKey, &config.allowed_names}, {kUsernameHeadersKey, &config.username_headers},
        {kGroupHeadersKey, &config.group_headers}, {kExtraPrefixesKey, &config.extra_prefixes},
        {kUidHeadersKey, &config.uid_headers},
    };
    for (const auto& [key, into] : lists) {
        auto list = read_list(data, key);
        if (!list) return list.error();
        *into = std::move(*list);
    }
    return config;
}

}  // namespace apiserver
