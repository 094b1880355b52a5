// SPDX-License-Identifier: Apache-2.0
// Whether a certificate is for a host, as Go's VerifyHostname says it. The subject never is a name. For net's
// own .cpp files.
#pragma once

#include "net/tls/certificate.hpp"

#include <string_view>

#include <openssl/x509.h>

namespace net::x509 {

// Without regard to the case of ASCII letters.
bool same_text(std::string_view a, std::string_view b);

// Whether a DNS name of the certificate is this host, which is no address.
bool has_dns_name(const X509* certificate, std::string_view host, PeerCertificate::Wildcards wildcards);
// X509_V_OK, or why it is not for this host: a DNS name, or an address, also in brackets.
int check_host(const X509* certificate, std::string_view host);

}  // namespace net::x509
