// SPDX-License-Identifier: Apache-2.0
// Owning pointers to OpenSSL's objects, and what the opaque classes of this folder hold. For net's own .cpp
// files.
#pragma once

#include "net/tls/certificate.hpp"
#include "net/tls/tls.hpp"

#include <any>
#include <memory>
#include <vector>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace net {

// k8s.io/apimachinery, pkg/apis/asn1.
inline constexpr const char* kUidType = "1.3.6.1.4.1.57683.2";

template <auto free_function>
struct OpensslFree {
    template <class T>
    void operator()(T* p) const {
        free_function(p);
    }
};

using X509Ptr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free>>;
using SslPtr = std::unique_ptr<SSL, OpensslFree<SSL_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>>;

struct PeerCertificate::Impl {
    // Null of what is kept unread; see PeerCertificate::read().
    X509Ptr leaf;
    // The chain as sent, without the leaf.
    std::vector<X509Ptr> intermediates;
    // Certificates that are kept unread: in DER form one after the other, the leaf first.
    std::string der;
    mutable std::any note;
};

struct TrustPool::Impl {
    std::vector<X509Ptr> authorities;
    std::vector<std::string> complaints;
};

struct TlsClient::Impl {
    SslContextPtr context;
    bool insecure = false;
};

struct TlsServer::Impl {
    SslContextPtr context;
};

// A handshake whose server is judged: what its SSL object refers to meanwhile, under
// judged_handshake_index().
struct JudgedHandshake {
    ServerJudge& judge;
    Error verdict;
};
int judged_handshake_index();

// What OpenSSL complained of first since its queue of errors was empty; empties it.
Error tls_failure();

// All certificates of a PEM text, in order; Errc::bad_pem when there is none or one is broken: of our own
// pairs. Those of others are in bundles (net/x509/bundle.hpp).
Result<std::vector<X509Ptr>> read_certificates(std::string_view pem);
Result<KeyPtr> read_key(std::string_view pem);

}  // namespace net
