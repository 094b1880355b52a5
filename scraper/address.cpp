// SPDX-License-Identifier: Apache-2.0
#include "scraper/address.hpp"

#include "scraper/failure.hpp"

#include <algorithm>
#include <string_view>

namespace scraper {
namespace {

// RFC 1035 allows a name of 253 characters; an IPv6 address is shorter.
constexpr std::size_t kMaxHostBytes = 253;

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
}

bool is_path_character(char c) {
    return c > 0x20 && c < 0x7f;
}

const std::string* preferred_address(const kube::Node& node, const std::vector<std::string>& types) {
    for (const std::string& type : types)
        for (const kube::NodeAddress& address : node.addresses)
            if (address.type == type && !address.address.empty()) return &address.address;
    return nullptr;
}

}  // namespace

net::Result<Target> kubelet_target(const kube::Node& node, const AddressOptions& options) {
    const std::string* host = preferred_address(node, options.types);
    if (!host) return Errc::no_address;
    if (host->size() > kMaxHostBytes || !std::all_of(host->begin(), host->end(), is_host_character))
        return Errc::bad_address;

    const bool from_status = options.use_node_status_port && node.kubelet_port != 0;
    const std::int32_t port = from_status ? node.kubelet_port : options.port;
    if (port < 1 || port > 65535) return Errc::bad_port;

    const std::string_view path =
        node.metrics_path.empty() ? kDefaultPath : std::string_view{node.metrics_path};
    if (path.front() != '/' || path.size() > kMaxPathBytes ||
        !std::all_of(path.begin(), path.end(), is_path_character))
        return Errc::bad_path;

    return Target{*host, static_cast<std::uint16_t>(port), std::string{path}};
}

}  // namespace scraper
