// SPDX-License-Identifier: Apache-2.0
// Signatures beyond those of the table of chains: what Go's tools do not make.
#include "net/x509/signature.hpp"

#include "net/tls/openssl.hpp"

#include <catch2/catch.hpp>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

namespace {

using ContextPtr = std::unique_ptr<EVP_MD_CTX, net::OpensslFree<EVP_MD_CTX_free>>;

// An authority with the key, not signed yet.
net::X509Ptr unsigned_authority(EVP_PKEY* key) {
    net::X509Ptr made{X509_new()};
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), key);
    X509_EXTENSION* basic = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
    X509_add_ext(made.get(), basic, -1);
    X509_EXTENSION_free(basic);
    return made;
}

}  // namespace

TEST_CASE("Signatures are by the digests that Go takes, and PSS has a salt as long as its digest") {
    constexpr int kNoPss = -1;
    struct Case {
        const char* name;
        const EVP_MD* digest;
        int salt_bytes;
        int expected;
        // Of the mask; null: the signature's.
        const EVP_MD* mask = nullptr;
    };
    const Case cases[] = {
        {"SHA-256", EVP_sha256(), kNoPss, X509_V_OK},
        {"SHA-384", EVP_sha384(), kNoPss, X509_V_OK},
        {"SHA-224", EVP_sha224(), kNoPss, X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM},
        {"SHA-512/256", EVP_sha512_256(), kNoPss, X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM},
        {"PSS", EVP_sha256(), 32, X509_V_OK},
        {"PSS with a short salt", EVP_sha256(), 20, X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM},
        {"PSS with a long salt", EVP_sha256(), 64, X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM},
        {"PSS with a weak mask", EVP_sha256(), 32, X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM, EVP_sha1()},
        {"PSS with another mask", EVP_sha256(), 32, X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM, EVP_sha512()},
    };
    const net::KeyPtr key{EVP_RSA_gen(2048)};
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            const net::X509Ptr certificate = unsigned_authority(key.get());
            const ContextPtr signing{EVP_MD_CTX_new()};
            EVP_PKEY_CTX* options = nullptr;
            REQUIRE(EVP_DigestSignInit(signing.get(), &options, c.digest, nullptr, key.get()) == 1);
            if (c.salt_bytes != kNoPss) {
                EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
                EVP_PKEY_CTX_set_rsa_pss_saltlen(options, c.salt_bytes);
                if (c.mask != nullptr) EVP_PKEY_CTX_set_rsa_mgf1_md(options, c.mask);
            }
            REQUIRE(X509_sign_ctx(certificate.get(), signing.get()) > 0);
            CHECK(net::x509::check_signature(certificate.get(), certificate.get()) == c.expected);
        }
}
