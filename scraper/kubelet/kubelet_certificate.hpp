// SPDX-License-Identifier: Apache-2.0
// Whether a certificate is that of a node (docs/decisions/0010-kubelet-certificates.md).
#pragma once

#include "net/tls/certificate.hpp"
#include "scraper/options.hpp"

#include <span>
#include <string>
#include <string_view>

namespace scraper {

struct ExpectedNode {
    std::string_view name;
    // All of the node's status, DNS names and IP addresses.
    std::span<const std::string> addresses;
    // One of them.
    std::string_view dialled;
};

// Ask only about a certificate whose chain leads to a known authority: else the answer means nothing.
bool is_of_node(const net::PeerCertificate& shown, const ExpectedNode& expected, CertificateNames names);

// The node that the subject names, where it is another than the expected one; empty: none, or no other.
std::string other_node(const net::PeerCertificate& shown, const ExpectedNode& expected);

// What would have been accepted, for people; at most some 500 bytes.
std::string accepted_names(const ExpectedNode& expected, CertificateNames names);

}  // namespace scraper
