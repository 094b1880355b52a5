// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs_port/host_check.hpp"

#include "net/http/message.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <boost/asio/ip/address.hpp>

namespace apiserver {
namespace {

using boost::asio::ip::address;

std::optional<address> read_address(std::string_view text) {
    // It would be read up to a zero; and behind a % anything may stand.
    if (text.find_first_of(std::string_view{"\0%", 2}) != std::string_view::npos) return std::nullopt;
    boost::system::error_code error;
    const address read = boost::asio::ip::make_address(std::string{text}, error);
    if (error) return std::nullopt;
    return read;
}

// Without a port, and without the brackets of an IPv6 address. Empty: it is no host.
std::string_view host_name(std::string_view host) {
    const bool bracketed = host.starts_with('[');
    const std::size_t end = bracketed ? host.find(']') : host.find(':');
    std::string_view port;
    std::string_view name = host;
    if (end != std::string_view::npos) {
        name = host.substr(0, end);
        port = host.substr(bracketed ? end + 1 : end);
    } else if (bracketed) {
        return {};
    }
    if (bracketed) name.remove_prefix(1);
    if (port.empty()) return name;
    port.remove_prefix(port.starts_with(':') ? 1 : 0);
    const bool is_port = host[host.size() - port.size() - 1] == ':' &&
                         std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    return is_port ? name : std::string_view{};
}

}  // namespace

bool is_local_host(std::string_view host, std::string_view bound) {
    const std::string_view name = host_name(host);
    if (name.empty()) return false;
    if (net::equal_ignoring_case(name, "localhost")) return true;
    const auto named = read_address(name);
    return named && (named->is_loopback() || named == read_address(bound));
}

}  // namespace apiserver
