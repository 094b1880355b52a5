// SPDX-License-Identifier: Apache-2.0
// Where the kubelet of a node is asked for its resource metrics (peer.md, 5.3).
#pragma once

#include "kube/objects.hpp"
#include "net/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scraper {

struct Target {
    // A DNS name or an IP address, without brackets.
    std::string host;
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

// The first address of the first preferred type that the node has. Everything in a Node is foreign: what
// could not stand in a request line or a Host field is refused with Errc::no_address, bad_address, bad_port
// or bad_path.
net::Result<Target> kubelet_target(const kube::Node& node, const AddressOptions& options);

}  // namespace scraper
