// SPDX-License-Identifier: Apache-2.0
#include "net/tls/client_chain.hpp"

#include <utility>

#include <openssl/err.h>

namespace net {
namespace {

// Of one client, as they come.
constexpr int kMaxChain = 8;
constexpr long kMaxChainBytes = 16 * 1024;
// OpenSSL keeps the key for as long as the connection. RSA keys of 8,192 bits, the longest that Go takes, are
// a little over 1 KiB.
constexpr int kMaxKeyBytes = 2048;
// One plain certificate, as nearly all show, is kept as OpenSSL has read it: its key is decoded once, where a
// second reading and a bare key cost as much as the rest of the handshake. What a look at it adds to it comes
// from the extensions and the names.
constexpr int kPlainBytes = 2048;
constexpr int kPlainExtensionBytes = 144;
constexpr int kPlainNames = 8;

int place_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

bool append_der(std::string& to, X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    if (size <= 0) return false;
    to.append(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return true;
}

bool is_plain(const X509* certificate) {
    int left = kPlainExtensionBytes;
    for (int i = 0; i < X509_get_ext_count(certificate) && left >= 0; ++i)
        left -= i2d_X509_EXTENSION(X509_get_ext(certificate, i), nullptr);
    return left >= 0 && i2d_X509(certificate, nullptr) <= kPlainBytes &&
           X509_NAME_entry_count(X509_get_subject_name(certificate)) <= kPlainNames &&
           X509_NAME_entry_count(X509_get_issuer_name(certificate)) <= kPlainNames;
}

// A certificate that holds the key and nothing else; null: the key is of no use.
X509Ptr bare_key(X509* certificate) {
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (!key || i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), nullptr) > kMaxKeyBytes) return nullptr;
    X509Ptr bare{X509_new()};
    if (!bare || X509_set_pubkey(bare.get(), key) != 1) return nullptr;
    return bare;
}

void keep_no_session(SSL* ssl) {
    // Of TLS 1.3: none is offered. Of TLS 1.2: one without this context's name is not put aside.
    SSL_set_num_tickets(ssl, 0);
    static constexpr unsigned char kNone[] = "";
    SSL_SESSION_set1_id_context(SSL_get_session(ssl), kNone, 0);
}

int refuse(X509_STORE_CTX* handshake, int why) {
    X509_STORE_CTX_set_error(handshake, why);
    return 0;
}

// In place of OpenSSL's own verification. `chain` goes into the connection's session afterwards.
int take(X509_STORE_CTX* handshake, void*) {
    STACK_OF(X509)* chain = X509_STORE_CTX_get0_untrusted(handshake);
    auto* ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(handshake, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* place = static_cast<PeerCertificate*>(SSL_get_ex_data(ssl, place_index()));
    if (!place || !chain || sk_X509_num(chain) > kMaxChain)
        return refuse(handshake, X509_V_ERR_CERT_CHAIN_TOO_LONG);

    keep_no_session(ssl);
    auto shown = std::make_shared<PeerCertificate::Impl>();
    if (sk_X509_num(chain) == 1 && is_plain(sk_X509_value(chain, 0))) {
        shown->leaf.reset(sk_X509_value(chain, 0));
        X509_up_ref(shown->leaf.get());
        *place = PeerCertificate{std::move(shown)};
        return 1;
    }
    for (int i = 0; i < sk_X509_num(chain); ++i)
        if (!append_der(shown->der, sk_X509_value(chain, i))) return refuse(handshake, X509_V_ERR_OUT_OF_MEM);
    shown->der.shrink_to_fit();
    X509Ptr bare = bare_key(sk_X509_value(chain, 0));
    ERR_clear_error();
    if (!bare) return refuse(handshake, X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY);
    *place = PeerCertificate{std::move(shown)};

    while (sk_X509_num(chain) > 1) X509_free(sk_X509_pop(chain));
    X509_STORE_CTX_set_cert(handshake, bare.get());
    X509_free(sk_X509_value(chain, 0));
    static_cast<void>(sk_X509_set(chain, 0, bare.release()));
    return 1;
}

}  // namespace

void take_client_chains(SSL_CTX* context) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, take, nullptr);
    SSL_CTX_set_max_cert_list(context, kMaxChainBytes);
}

void put_client_chain_into(SSL* ssl, PeerCertificate& place) {
    SSL_set_ex_data(ssl, place_index(), &place);
}

}  // namespace net
