// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/trust.hpp"

#include "telemetry/log.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace apiserver {
namespace {

const std::string* value_of(const kube::ConfigMap& map, std::string_view key) {
    for (const auto& [name, value] : map.data)
        if (name == key) return &value;
    return nullptr;
}

void complain(std::string_view key, std::string_view why) {
    telemetry::error(
        "Failed to read the authentication configuration, keeping the last value",
        {{"err", why}, {"configMap", "kube-system/extension-apiserver-authentication"}, {"key", key}});
}

// A JSON array of strings; absent or empty: none.
std::vector<std::string> read_list(const kube::ConfigMap& map, const char* key,
                                   const std::vector<std::string>& last) {
    const std::string* text = value_of(map, key);
    if (!text || text->empty()) return {};
    const nlohmann::json list = nlohmann::json::parse(*text, nullptr, false);
    if (!list.is_array()) {
        complain(key, "not a JSON array");
        return last;
    }
    std::vector<std::string> values;
    for (const nlohmann::json& item : list)
        if (item.is_string()) values.push_back(item.get<std::string>());
    return values;
}

std::optional<net::TrustPool> read_authorities(const kube::ConfigMap& map, const char* key,
                                               const std::optional<net::TrustPool>& last) {
    const std::string* pem = value_of(map, key);
    if (!pem || pem->empty()) return last;
    auto pool = net::TrustPool::from_pem(*pem);
    if (pool) return std::move(*pool);
    complain(key, pool.error().message());
    return last;
}

std::optional<FrontProxyConfig> read_front_proxy(const kube::ConfigMap& map,
                                                 const std::optional<FrontProxyConfig>& last) {
    const auto last_pool = last ? std::optional{last->authorities} : std::nullopt;
    auto authorities = read_authorities(map, "requestheader-client-ca-file", last_pool);
    if (!authorities) return std::nullopt;
    const FrontProxyConfig before = last.value_or(FrontProxyConfig{});
    FrontProxyConfig config;
    config.authorities = std::move(*authorities);
    config.allowed_names = read_list(map, "requestheader-allowed-names", before.allowed_names);
    config.username_headers = read_list(map, "requestheader-username-headers", before.username_headers);
    config.group_headers = read_list(map, "requestheader-group-headers", before.group_headers);
    config.extra_prefixes = read_list(map, "requestheader-extra-headers-prefix", before.extra_prefixes);
    config.uid_headers = read_list(map, "requestheader-uid-headers", before.uid_headers);
    return config;
}

}  // namespace

TrustSource::TrustSource(Trust by_flags, LookUp look_up)
    : by_flags_{std::move(by_flags)},
      current_{std::make_shared<Trust>(by_flags_)},
      ready_{look_up != LookUp::required} {}

net::Task<> TrustSource::wait_ready(net::Clock::time_point until) {
    while (!ready_ && net::Clock::now() < until) co_await changed_.wait_until(until);
}

void TrustSource::become_ready() {
    if (ready_) return;
    ready_ = true;
    changed_.notify();
}

void TrustSource::replace_flags(Trust by_flags) {
    by_flags_ = std::move(by_flags);
    Trust next = by_flags_;
    if (!next.front_proxy) next.front_proxy = current_->front_proxy;
    if (!next.clients) next.clients = current_->clients;
    current_ = std::make_shared<Trust>(std::move(next));
}

void TrustSource::end_list() {
    become_ready();
}

void TrustSource::put(const kube::ConfigMap& map) {
    if (map.name_space != kNamespace || map.name != kName) return;
    Trust next = by_flags_;
    if (!next.front_proxy) next.front_proxy = read_front_proxy(map, current_->front_proxy);
    if (!next.clients) next.clients = read_authorities(map, "client-ca-file", current_->clients);
    current_ = std::make_shared<Trust>(std::move(next));
    become_ready();
}

}  // namespace apiserver
