// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/trust.hpp"

#include "apiserver/auth/authentication_config.hpp"
#include "telemetry/log.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace apiserver {
namespace {

constexpr std::string_view kConfigMap = "kube-system/extension-apiserver-authentication";

void warn_of(const net::TrustPool& authorities, std::string_view key) {
    net::warn_of_complaints(authorities, std::string{kConfigMap} + ": " + std::string{key});
}

void warn_of_parts(const net::TrustPool& clients) {
    warn_of(clients, kClientCaKey);
}

void warn_of_parts(const FrontProxyConfig& front_proxy) {
    warn_of(front_proxy.authorities, kFrontProxyCaKey);
}

// What was read; else the last good value, if there ever was one: without it nobody is trusted.
template <class T>
std::optional<T> value_or_last(ReadKey<T> read, const std::optional<T>& last) {
    if (read) {
        warn_of_parts(*read);
        return std::move(*read);
    }
    const UnreadableKey& fault = read.error();
    // A cluster where it was never set up is well.
    if (fault.missing && !last) return std::nullopt;
    telemetry::error(last ? "Failed to read the authentication configuration, keeping the last value"
                          : "Failed to read the authentication configuration, trusting nobody by it",
                     {{"err", fault.why}, {"configMap", kConfigMap}, {"key", fault.key}});
    return last;
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
    if (!next.front_proxy)
        next.front_proxy = value_or_last(read_front_proxy(map.data), current_->front_proxy);
    if (!next.clients)
        next.clients = value_or_last(read_authorities(map.data, kClientCaKey), current_->clients);
    current_ = std::make_shared<Trust>(std::move(next));
    become_ready();
}

}  // namespace apiserver
