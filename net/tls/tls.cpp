// SPDX-License-Identifier: Apache-2.0
#include "net/tls/tls.hpp"

#include "net/tls/client_chain.hpp"
#include "net/tls/openssl.hpp"
#include "net/x509/bundle.hpp"
#include "net/x509/chain.hpp"
#include "net/x509/host_name.hpp"

#include <algorithm>
#include <utility>

#include <openssl/err.h>
#include <openssl/obj_mac.h>

namespace net {
namespace {

// AEAD suites with forward secrecy only; TLS 1.3 suites are all of that kind.
constexpr const char* kTls12Suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

// The cheapest first, as Go's clients have it: servers follow their client's order.
constexpr const char* kTls13Suites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

SslContextPtr make_context(const SSL_METHOD* method) {
    SslContextPtr context{SSL_CTX_new(method)};
    if (!context) return context;
    // As Go: RSA from 1024 bits on, whatever the system's configuration says. The suites are chosen below.
    SSL_CTX_set_security_level(context.get(), 1);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context.get(), kTls12Suites);
    SSL_CTX_set_ciphersuites(context.get(), kTls13Suites);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

Result<> use_key_pair(SSL_CTX* context, const KeyPair& pair) {
    auto chain = read_certificates(pair.certificate_pem);
    if (!chain) return chain.error();
    auto key = read_key(pair.key_pem);
    if (!key) return key.error();
    ERR_clear_error();
    // Refused for its size, say, which is a matter of OpenSSL's configuration.
    if (SSL_CTX_use_certificate(context, chain->front().get()) != 1) return tls_failure();
    const bool fits = X509_check_private_key(chain->front().get(), key->get()) == 1;
    ERR_clear_error();
    if (!fits) return make_error_code(Errc::key_mismatch);
    if (SSL_CTX_use_PrivateKey(context, key->get()) != 1) return tls_failure();
    for (std::size_t i = 1; i < chain->size(); ++i) SSL_CTX_add1_chain_cert(context, (*chain)[i].get());
    return {};
}

// We speak HTTP/1.1 only (architecture.md, decision 11). A client that offers other protocols only is
// refused; one that offers none is served.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned in_size, void*) {
    static constexpr unsigned char kOurs[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs - 1, in, in_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

using Authorities = std::vector<X509Ptr>;

// Those whom a client trusts live as long as its context, which its handshakes hold.
int authorities_index() {
    static const int index = SSL_CTX_get_ex_new_index(
        0, nullptr, nullptr, nullptr, [](void*, void* authorities, CRYPTO_EX_DATA*, int, long, void*) {
            delete static_cast<Authorities*>(authorities);
        });
    return index;
}

// X509_V_OK, or why the chain that the server shows does not hold.
int check_chain(X509_STORE_CTX* verification, const SSL* ssl) {
    x509::Question question;
    question.leaf = X509_STORE_CTX_get0_cert(verification);
    const STACK_OF(X509)* shown = X509_STORE_CTX_get0_untrusted(verification);
    for (int i = 0; i < sk_X509_num(shown); ++i)
        if (X509* one = sk_X509_value(shown, i); one != question.leaf) question.shown.push_back(one);
    const auto* trusted =
        static_cast<const Authorities*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), authorities_index()));
    for (const X509Ptr& one : *trusted) question.trusted.push_back(one.get());
    question.now = std::chrono::system_clock::now();
    const auto good = x509::verify(question);
    return good ? X509_V_OK : good.error().value();
}

int check_name(X509_STORE_CTX* verification, SSL* ssl) {
    const char* expected = X509_VERIFY_PARAM_get0_host(SSL_get0_param(ssl), 0);
    return expected ? x509::check_host(X509_STORE_CTX_get0_cert(verification), expected)
                    : X509_V_ERR_HOSTNAME_MISMATCH;
}

// In place of OpenSSL's own verification of a server's certificate.
int verify_server(X509_STORE_CTX* verification, void*) {
    auto* ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
    if (SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE) return 1;
    const int error = check_chain(verification, ssl);
    auto* handshake = static_cast<JudgedHandshake*>(SSL_get_ex_data(ssl, judged_handshake_index()));
    if (!handshake) {
        const int all = error == X509_V_OK ? check_name(verification, ssl) : error;
        X509_STORE_CTX_set_error(verification, all);
        return all == X509_V_OK ? 1 : 0;
    }

    Error chain;
    if (error != X509_V_OK) chain = Error{error, certificate_category()};
    auto shown = std::make_shared<PeerCertificate::Impl>();
    X509* leaf = X509_STORE_CTX_get0_cert(verification);
    X509_up_ref(leaf);
    shown->leaf.reset(leaf);
    handshake->verdict = handshake->judge.judge(PeerCertificate{std::move(shown)}, chain);
    if (!handshake->verdict) {
        X509_STORE_CTX_set_error(verification, X509_V_OK);
        return 1;
    }
    // For the alert that the server gets.
    X509_STORE_CTX_set_error(verification, error == X509_V_OK ? X509_V_ERR_APPLICATION_VERIFICATION : error);
    return 0;
}

// OpenSSL's names for those of IANA.
Result<> use_suites(SSL_CTX* context, const std::vector<std::string>& suites) {
    if (suites.empty()) return {};
    std::string list;
    for (const std::string& suite : suites) {
        const std::string_view name = OPENSSL_cipher_name(suite.c_str());
        if (name == "(NONE)") return make_error_code(Errc::unknown_suite);
        list += (list.empty() ? "" : ":") + std::string{name};
    }
    // Those of TLS 1.3 cannot be chosen, as in Go.
    if (SSL_CTX_set_cipher_list(context, list.c_str()) != 1) return make_error_code(Errc::unknown_suite);
    return {};
}

Result<> use_groups(SSL_CTX* context, const std::vector<std::uint16_t>& groups) {
    if (groups.empty()) return {};
    static constexpr std::pair<std::uint16_t, int> kKnown[] = {
        {23, NID_X9_62_prime256v1}, {24, NID_secp384r1}, {25, NID_secp521r1}, {29, NID_X25519}};
    std::vector<int> ids;
    for (const auto& [number, id] : kKnown)
        if (std::find(groups.begin(), groups.end(), number) != groups.end()) ids.push_back(id);
    if (ids.size() != groups.size()) return make_error_code(Errc::unknown_suite);
    if (SSL_CTX_set1_groups(context, ids.data(), static_cast<int>(ids.size())) != 1)
        return make_error_code(Errc::unknown_suite);
    return {};
}

}  // namespace

Error tls_failure() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    return {static_cast<int>(code != 0 ? code : ERR_PACK(ERR_LIB_SSL, 0, ERR_R_INTERNAL_ERROR)),
            tls_category()};
}

int judged_handshake_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

Result<TlsClient> TlsClient::make(const Options& options) {
    auto impl = std::make_shared<Impl>();
    ERR_clear_error();
    impl->context = make_context(TLS_client_method());
    if (!impl->context) return tls_failure();
    impl->insecure = options.insecure;
    SSL_CTX* context = impl->context.get();
    // One read for up to 16 KiB, instead of two for each record: kubelets write records of 4 KiB. (A larger
    // buffer costs more than it saves: OpenSSL moves what is left in it to its front for each record.)
    SSL_CTX_set_read_ahead(context, 1);
    if (options.certificate)
        if (auto used = use_key_pair(context, *options.certificate); !used) return used.error();
    auto authorities = std::make_unique<Authorities>();
    if (!options.ca_pem.empty()) {
        *authorities = x509::read_bundle(options.ca_pem).certificates;
        if (authorities->empty()) return make_error_code(Errc::bad_pem);
    } else if (!options.insecure) {
        *authorities = x509::system_authorities().certificates;
    }
    SSL_CTX_set_ex_data(context, authorities_index(), authorities.release());
    SSL_CTX_set_verify(context, options.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, verify_server, nullptr);
    static constexpr unsigned char kProtocols[] = "\x08http/1.1";
    SSL_CTX_set_alpn_protos(context, kProtocols, sizeof kProtocols - 1);
    TlsClient client;
    client.shared_ = std::make_shared<Shared>();
    client.shared_->impl = std::move(impl);
    return client;
}

void TlsClient::replace(const TlsClient& other) {
    shared_->impl = other.shared_->impl;
    ++shared_->generation;
}

std::uint64_t TlsClient::generation() const {
    return shared_->generation;
}

const TlsClient::Impl* TlsClient::impl() const {
    return shared_->impl.get();
}

Result<TlsServer> TlsServer::make(const Options& options) {
    auto impl = std::make_shared<Impl>();
    ERR_clear_error();
    impl->context = make_context(TLS_server_method());
    if (!impl->context) return tls_failure();
    SSL_CTX* context = impl->context.get();
    if (auto used = use_key_pair(context, options.certificate); !used) return used.error();
    if (auto used = use_suites(context, options.cipher_suites); !used) return used.error();
    if (auto used = use_groups(context, options.groups); !used) return used.error();
    SSL_CTX_set_min_proto_version(context, options.min_version);
    take_client_chains(context);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    // Clients that come back and showed no certificate resume without a full handshake. Sessions are kept
    // here, some 1 KiB each, not in tickets: these would cost a key that has to be changed now and then.
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_sess_set_cache_size(context, 256);
    // Else a client that sends nothing but KeyUpdate keeps SSL_read, and with it the loop, for as long as it
    // likes.
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    static constexpr unsigned char kSessions[] = "topd";
    SSL_CTX_set_session_id_context(context, kSessions, sizeof kSessions - 1);
    TlsServer server;
    server.impl_ = std::move(impl);
    return server;
}

}  // namespace net
