// SPDX-License-Identifier: Apache-2.0
// Making certificates. For net's own .cpp files and the authority of tests (test/net/tls/authority.hpp).
#pragma once

#include "net/tls/openssl.hpp"

#include <chrono>
#include <string>

namespace net {

// A certificate that is being made, of version 3, with a random serial number and a new ECDSA P-256 key.
class CertificateDraft {
  public:
    // Valid for this time, counted from now.
    CertificateDraft(std::chrono::seconds not_before, std::chrono::seconds not_after);

    // A field of the subject by its short name or object identifier, in order.
    void add_subject(const char* field, const std::string& value);
    // In the words of OpenSSL's configuration; throws std::invalid_argument when it does not take them.
    void add_extension(int nid, const std::string& value);
    void add_authority_extensions();
    // basicConstraints and keyUsage of what signs no certificates.
    void add_leaf_extensions();

    KeyPair sign() { return sign_by(*this); }
    KeyPair sign_by(const CertificateDraft& authority) {
        return sign_by(authority.certificate_.get(), authority.key_.get());
    }
    KeyPair sign_by(X509* issuer, EVP_PKEY* key);

  private:
    KeyPtr key_;
    X509Ptr certificate_;
};

}  // namespace net
