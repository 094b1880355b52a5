// SPDX-License-Identifier: Apache-2.0
// Client certificates as a server sees them, through a real handshake.
#pragma once

#include "net/tls/certificate.hpp"

#include <optional>
#include <string>
#include <vector>

namespace test {

// A client certificate of that name and those organizations.
net::KeyPair client_certificate(const net::KeyPair& authority, const std::string& common_name,
                                const std::vector<std::string>& organizations = {});

// Unset: shows none.
net::PeerCertificate shown_by(const std::optional<net::KeyPair>& client);

}  // namespace test
