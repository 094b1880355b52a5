// SPDX-License-Identifier: Apache-2.0
// Where the kubelet of a node is asked for its resource metrics (metrics-server, pkg/utils/address.go).
#pragma once

#include "net/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kube {
struct Node;
}  // namespace kube

namespace scraper {

struct Target {
    // The node's addresses, each once: DNS names and IP addresses, without brackets. First those to dial,
    // most wanted first, then those that only tell who the node is.
    std::vector<std::string> addresses;
    // Those to dial; at least one.
    std::uint8_t dialled = 0;
    std::uint16_t port = 0;
    // Starts with '/'.
    std::string path;

    bool operator==(const Target&) const = default;
};

struct AddressOptions {
    // --kubelet-preferred-address-types
    std::vector<std::string> types{"Hostname", "InternalDNS", "InternalIP", "ExternalDNS", "ExternalIP"};
    // --kubelet-port
    std::uint16_t port = 10250;
    // --kubelet-use-node-status-port: the port of the node's status, when it has one, goes first.
    bool use_node_status_port = false;
};

inline constexpr std::string_view kDefaultPath = "/metrics/resource";
inline constexpr std::size_t kMaxPathBytes = 1024;
// Further ones are as if the node did not have them.
inline constexpr std::size_t kMaxAddresses = 16;

// All addresses of the preferred types are dialled, type by type, those of one type in the node's order.
// Everything in a Node is foreign: addresses that could not stand in a Host field are passed over, and what
// leaves nothing to ask is refused with Errc::no_address, bad_address, bad_port or bad_path.
net::Result<Target> kubelet_target(const kube::Node& node, const AddressOptions& options);
// What was wrong with the node, in printable words: its addresses, port or path.
std::string target_refusal(const net::Error& error, const kube::Node& node, const AddressOptions& options);

}  // namespace scraper
