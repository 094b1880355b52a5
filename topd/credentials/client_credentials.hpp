// SPDX-License-Identifier: Apache-2.0
// The authorities and the client certificate by which an API server is met.
#pragma once

#include "kube/config/config.hpp"
#include "net/tls/tls.hpp"

#include <string>

namespace topd {

// What is in them, to see whether it has changed.
std::string held(const net::TlsClient::Options& tls);

class ClientCredentials {
  public:
    // `purpose`, for the log: "the API server". Connections that use a copy of `config` follow.
    ClientCredentials(std::string purpose, const kube::Config& config);

    // New connections are made by what `now` holds, and kept ones replaced before they are used again.
    // Nothing if it holds the same as the last.
    void take(const kube::Config& now);

  private:
    std::string purpose_;
    net::Origin server_;
    std::string held_;
};

}  // namespace topd
