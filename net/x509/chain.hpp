// SPDX-License-Identifier: Apache-2.0
// Chains of certificates, as Go's crypto/x509 builds and judges them: what other components of a cluster
// accept is accepted here. OpenSSL parses and verifies signatures; which issuers are tried is decided here,
// since OpenSSL's builder takes the first of a name and never another. For net's own .cpp files.
#pragma once

#include "net/tls/openssl.hpp"

#include <chrono>
#include <vector>

namespace net::x509 {

enum class Purpose { server, client };

struct Question {
    X509* leaf = nullptr;
    // The certificates that were shown along; may hold anything.
    std::vector<X509*> shown;
    // Any of them ends a chain, self-signed or not.
    std::vector<X509*> trusted;
    Purpose purpose = Purpose::server;
    std::chrono::system_clock::time_point now;
};

// The time in which every certificate of the chain that was found is good. The error is in
// certificate_category(): that of an authority which is not known, as long as nobody who is trusted vouches
// for the certificate, whatever else is wrong with it.
Result<Validity> verify(const Question& question);

// When it begins, and the first moment at which it is over.
Validity validity_of(const X509* certificate);

}  // namespace net::x509
