// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/address.hpp"

#include "kube/objects.hpp"
#include "scraper/kubelet/failure.hpp"

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

bool is_host(const std::string& text) {
    // A name that begins with a dot is none, and would mean a whole domain to who compares names.
    return !text.empty() && text.size() <= kMaxHostBytes && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), is_host_character);
}

void add_once(std::vector<std::string>& all, const std::string& address) {
    if (all.size() < kMaxAddresses && std::find(all.begin(), all.end(), address) == all.end())
        all.push_back(address);
}

void add_addresses(Target& target, const kube::Node& node, const std::vector<std::string>& types) {
    for (const std::string& type : types)
        for (const kube::NodeAddress& address : node.addresses)
            if (address.type == type && is_host(address.address)) add_once(target.addresses, address.address);
    target.dialled = static_cast<std::uint8_t>(target.addresses.size());
    for (const kube::NodeAddress& address : node.addresses)
        if (is_host(address.address)) add_once(target.addresses, address.address);
    target.addresses.shrink_to_fit();
}

bool has_address(const kube::Node& node, const std::vector<std::string>& types) {
    return std::any_of(node.addresses.begin(), node.addresses.end(), [&](const kube::NodeAddress& address) {
        return !address.address.empty() && std::find(types.begin(), types.end(), address.type) != types.end();
    });
}

}  // namespace

net::Result<Target> kubelet_target(const kube::Node& node, const AddressOptions& options) {
    Target target;
    add_addresses(target, node, options.types);
    if (target.dialled == 0) return has_address(node, options.types) ? Errc::bad_address : Errc::no_address;

    const bool from_status = options.use_node_status_port && node.kubelet_port != 0;
    const std::int32_t port = from_status ? node.kubelet_port : options.port;
    if (port < 1 || port > 65535) return Errc::bad_port;

    const std::string_view path =
        node.metrics_path.empty() ? kDefaultPath : std::string_view{node.metrics_path};
    if (path.front() != '/' || path.size() > kMaxPathBytes ||
        !std::all_of(path.begin(), path.end(), is_path_character))
        return Errc::bad_path;

    target.port = static_cast<std::uint16_t>(port);
    target.path = path;
    return target;
}

std::string target_refusal(const net::Error& error, const kube::Node& node, const AddressOptions& options) {
    std::string text;
    const auto add = [&text](const std::string& one) { text += (text.empty() ? "" : ", ") + one; };
    if (error == Errc::bad_port)
        return "port " + std::to_string(options.use_node_status_port && node.kubelet_port != 0
                                            ? node.kubelet_port
                                            : std::int32_t{options.port});
    if (error == Errc::bad_path) return '"' + printable_line(node.metrics_path) + '"';
    const bool wanted_only = error == Errc::bad_address;
    for (const kube::NodeAddress& address : node.addresses) {
        const bool wanted =
            std::find(options.types.begin(), options.types.end(), address.type) != options.types.end();
        if (wanted || !wanted_only) add(address.type + ' ' + address.address);
    }
    const std::string has = "it has " + (text.empty() ? std::string{"none"} : text);
    text.clear();
    for (const std::string& type : options.types) add(type);
    return printable_line("preferred are " + text + "; " + has);
}

}  // namespace scraper
