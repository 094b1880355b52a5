// SPDX-License-Identifier: Apache-2.0
// A certificate as a handshake would show it.
#pragma once

#include "net/tls/openssl.hpp"

#include <memory>

namespace scraper::test {

inline net::PeerCertificate shown(const net::KeyPair& pair) {
    auto impl = std::make_shared<net::PeerCertificate::Impl>();
    impl->leaf = std::move(net::read_certificates(pair.certificate_pem).value().front());
    return net::PeerCertificate{std::move(impl)};
}

}  // namespace scraper::test
