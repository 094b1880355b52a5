// SPDX-License-Identifier: Apache-2.0
// The keys of the simulated cluster, and the files that its users start from.
#pragma once

#include "net/tls/certificate.hpp"

#include <cstdint>
#include <string>

namespace sim {

struct Credentials {
    // Signs everything but the front-proxy certificate.
    net::KeyPair authority;
    net::KeyPair front_proxy_authority;
    // Of the API server; of its aggregator as a client; of system:masters.
    net::KeyPair api_server;
    net::KeyPair front_proxy_client;
    net::KeyPair admin;
    // For the metrics server to serve with: metrics-server.kube-system.svc.
    net::KeyPair topd;
    // Of the metrics server's service account, and of one that may nothing.
    std::string topd_token;
    std::string other_token;
};

// The keys are new each time; the tokens follow from the seed.
Credentials make_credentials(std::uint64_t seed);

// ca.crt, front-proxy-ca.crt, front-proxy-client.crt and .key, topd.crt and .key, admin.kubeconfig,
// topd.kubeconfig. Makes the directory; keys are readable by the owner only. Throws std::runtime_error.
void write_credentials(const Credentials& credentials, const std::string& directory, std::uint16_t api_port);

}  // namespace sim
