// SPDX-License-Identifier: Apache-2.0
#include "net/tls/openssl_fault.hpp"

#include "net/tls/openssl.hpp"

#include <array>
#include <cstdlib>
#include <cstring>

#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

namespace net {
namespace {

std::string reason() {
    const unsigned long code = ERR_peek_error();
    const char* text = ERR_reason_error_string(code);
    ERR_clear_error();
    return text ? text : "no reason given";
}

bool has_suites(SSL_CTX* context) {
    const SslPtr ssl{SSL_new(context)};
    if (!ssl) return false;
    STACK_OF(SSL_CIPHER)* suites = SSL_get1_supported_ciphers(ssl.get());
    const bool some = suites && sk_SSL_CIPHER_num(suites) > 0;
    sk_SSL_CIPHER_free(suites);
    return some;
}

// What of it is missing.
std::string missing() {
    ERR_clear_error();
    TlsClient::Options any;
    any.insecure = true;
    const auto client = TlsClient::make(any);
    if (!client) return "no TLS: " + client.error().message();
    if (!has_suites(client->impl()->context.get()))
        return "no TLS: no cipher suite is left for TLS 1.2 and 1.3";

    ERR_clear_error();
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_Digest("", 0, bytes.data(), &size, EVP_sha256(), nullptr) != 1 ||
        !HMAC(EVP_sha256(), "k", 1, bytes.data(), size, bytes.data(), &size))
        return "no SHA-256: " + reason();
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return "no random bytes: " + reason();
    if (const KeyPtr key{EVP_EC_gen("P-256")}; !key) return "no P-256 key: " + reason();
    return {};
}

std::string cause() {
    const char* named = std::getenv("OPENSSL_CONF");
    const std::string by = named ? "OPENSSL_CONF" : "OpenSSL's configuration";
    const bool fips = EVP_default_properties_is_fips_enabled(nullptr) == 1;
    if (fips && OSSL_PROVIDER_available(nullptr, "fips") != 1)
        return "FIPS is demanded by " + by + ", but its module cannot be loaded";
    if (OSSL_PROVIDER_available(nullptr, "default") != 1 && !fips)
        return by + " does not activate the default provider";
    return named ? "see the file of OPENSSL_CONF, " + std::string{named} : "see " + by;
}

}  // namespace

std::string openssl_fault() {
    const std::string what = missing();
    if (what.empty()) return {};
    return "OpenSSL gives " + what + " (" + cause() + ")";
}

}  // namespace net
