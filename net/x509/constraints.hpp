// SPDX-License-Identifier: Apache-2.0
// Name constraints (RFC 5280, 4.2.1.10), as Go checks them. For net's own .cpp files.
#pragma once

#include <vector>

#include <openssl/x509.h>

namespace net::x509 {

bool are_readable_constraints(const X509* certificate);
// X509_V_OK, or what the names of a certificate break of the constraints of those above it. Leaf first.
int check_constraints(const std::vector<X509*>& chain);

}  // namespace net::x509
