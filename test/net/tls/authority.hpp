// SPDX-License-Identifier: Apache-2.0
// A certificate authority and certificates it signs: what the simulated cluster and tests are made of.
#pragma once

#include "net/tls/certificate.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace net {

struct CertificateRequest {
    std::string common_name;
    std::vector<std::string> organizations;
    std::vector<std::string> uids;
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    bool server = false;
    bool client = false;
    // Any use: anyExtendedKeyUsage.
    bool any = false;
    std::chrono::seconds not_before_offset{-3600};
    std::chrono::seconds not_after_offset{365 * 24 * 3600};
};
KeyPair make_authority(const std::string& common_name, const std::vector<std::string>& organizations = {});
// An intermediate one. What it issues needs its certificate to be shown along.
KeyPair issue_authority(const KeyPair& authority, const std::string& common_name);
KeyPair issue(const KeyPair& authority, const CertificateRequest& request);

}  // namespace net
