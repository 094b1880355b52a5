// SPDX-License-Identifier: Apache-2.0
// Where a pod's metrics are asked for: what its annotations say, and an address that may be asked.
//
// The address is data: whoever may write pods/status writes it, and the API server takes any. So only global
// unicast is asked, as by its own pods/proxy (kubernetes, pkg/registry/core/pod/strategy.go), and no node.
#pragma once

#include "kube/pod_network.hpp"
#include "storage/applications/applications.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace scraper {

struct Endpoint {
    boost::asio::ip::address address;
    std::uint16_t port = 0;
    std::string path;
    bool tls = false;

    // http://10.0.0.1:8080/metrics
    std::string url() const;
    // 10.0.0.1:8080
    std::string authority() const;
};

struct EndpointRules {
    // For tests.
    bool allow_loopback = false;
    // Pods on their node's network, at their own node's address.
    bool allow_host_network = false;
    // There are authorities to verify certificates by, or they are not verified at all.
    bool can_tls = false;
    std::function<bool(const boost::asio::ip::address&)> is_node;
};

struct FoundEndpoint {
    Endpoint endpoint;
    // Why there is none, for people; empty: there is one.
    std::string refusal;
    // It is what the annotations say.
    bool by_annotation = false;
    // It stays as long as the pod does not change.
    bool lasts = false;
};

FoundEndpoint endpoint_of(const storage::applications::Annotations& annotations, const kube::PodNetwork& pod,
                          const EndpointRules& rules);

// Why no pod has this address; empty: one may.
std::string_view why_not_of_pod(const boost::asio::ip::address& address, bool allow_loopback);

}  // namespace scraper
