// SPDX-License-Identifier: Apache-2.0
// The rules of golang.org/x/net/http/httpproxy, which client-go follows.
#include "kube/config/config_values.hpp"
#include "net/http/message.hpp"

#include <cctype>
#include <cstdlib>
#include <string>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace kube {
namespace {

namespace ip = boost::asio::ip;

std::string environment(const char* upper, const char* lower) {
    for (const char* name : {upper, lower}) {
        const char* value = std::getenv(name);
        if (value && *value) return value;
    }
    return {};
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

bool is_loopback(std::string_view host) {
    if (host == "localhost") return true;
    boost::system::error_code error;
    const auto address = ip::make_address(std::string{host}, error);
    return !error && address.is_loopback();
}

template <class Network, class Address>
bool contains(const Network& block, const Address& address) {
    return Network{address, block.prefix_length()}.canonical() == block.canonical();
}

bool in_block(std::string_view cidr, const ip::address& address) {
    boost::system::error_code error;
    if (address.is_v4()) {
        const auto block = ip::make_network_v4(std::string{cidr}, error);
        return !error && contains(block, address.to_v4());
    }
    const auto block = ip::make_network_v6(std::string{cidr}, error);
    return !error && contains(block, address.to_v6());
}

bool has_suffix(std::string_view host, std::string_view suffix) {
    return host.size() >= suffix.size() &&
           net::equal_ignoring_case(host.substr(host.size() - suffix.size()), suffix);
}

// Cuts ":port" off the entry. False: the entry is for another port.
bool cut_port(std::string_view& entry, std::uint16_t port) {
    const bool bare_v6 = !entry.starts_with('[') && entry.find(':') != entry.rfind(':');
    const auto colon = entry.rfind(':');
    if (!bare_v6 && colon != std::string_view::npos && entry.back() != ']') {
        if (entry.substr(colon + 1) != std::to_string(port)) return false;
        entry = entry.substr(0, colon);
    }
    if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
    return true;
}

bool name_covers(std::string_view entry, std::string_view host) {
    if (entry.starts_with("*.")) entry.remove_prefix(1);
    if (entry.starts_with('.')) return has_suffix(host, entry);
    return net::equal_ignoring_case(host, entry) || has_suffix(host, "." + std::string{entry});
}

bool entry_covers(std::string_view entry, std::string_view host, std::uint16_t port) {
    entry = trim(entry);
    if (entry.empty()) return false;
    if (entry == "*") return true;
    boost::system::error_code not_address;
    const auto address = ip::make_address(std::string{host}, not_address);
    if (entry.find('/') != std::string_view::npos) return !not_address && in_block(entry, address);
    if (!cut_port(entry, port)) return false;
    if (not_address) return name_covers(entry, host);
    boost::system::error_code not_entry;
    const auto wanted = ip::make_address(std::string{entry}, not_entry);
    return !not_entry && wanted == address;
}

}  // namespace

bool no_proxy_covers(std::string_view no_proxy, std::string_view host, std::uint16_t port) {
    while (!no_proxy.empty()) {
        const auto comma = std::min(no_proxy.find(','), no_proxy.size());
        if (entry_covers(no_proxy.substr(0, comma), host, port)) return true;
        no_proxy.remove_prefix(std::min(comma + 1, no_proxy.size()));
    }
    return false;
}

std::string proxy_of_environment(const ServerUrl& server) {
    std::string proxy;
    if (server.tls)
        proxy = environment("HTTPS_PROXY", "https_proxy");
    else
        proxy = environment("HTTP_PROXY", "http_proxy");
    if (is_loopback(server.host)) return {};
    if (no_proxy_covers(environment("NO_PROXY", "no_proxy"), server.host, server.port)) return {};
    return proxy;
}

}  // namespace kube
