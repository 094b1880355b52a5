// SPDX-License-Identifier: Apache-2.0
// For net's own .cpp files.
#pragma once

#include <openssl/x509.h>

namespace net::x509 {

// The smallest RSA key that Go's crypto/rsa takes, and the largest that its TLS does.
inline constexpr int kMinRsaBits = 1024;
inline constexpr int kMaxRsaBits = 8192;

// X509_V_OK when the parent may sign certificates and has signed this one, with an algorithm that counts.
int check_signature(X509* child, X509* parent);
// X509_V_OK when the key is of a size that a handshake is done with.
int check_key_size(const X509* certificate);

}  // namespace net::x509
