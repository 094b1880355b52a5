// SPDX-License-Identifier: Apache-2.0
// What a client gets when the server was started with these flags: real handshakes, in memory.
#include "topd/flags/tls_choice.hpp"

#include "net/tls/openssl.hpp"
#include "test/topd/file_tree.hpp"
#include "test/topd/flags/flag_refusal.hpp"
#include "topd/credentials/serving_certificate.hpp"
#include "topd/settings.hpp"

#include <functional>
#include <sstream>

#include <catch2/catch.hpp>
#include <openssl/objects.h>
#include <openssl/pem.h>

using namespace topd;

namespace {

using Arguments = std::vector<std::string>;

std::string pem_of(const std::function<void(BIO*)>& write) {
    const net::BioPtr out{BIO_new(BIO_s_mem())};
    write(out.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

// net::make_self_signed makes ECDSA pairs.
net::KeyPair rsa_pair() {
    const net::KeyPtr key{EVP_RSA_gen(2048)};
    const net::X509Ptr certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    return {pem_of([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); }), pem_of([&](BIO* out) {
                PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

// Both pairs as files, made once.
class Pairs {
  public:
    Pairs() {
        write("ecdsa", net::make_self_signed({}));
        write("rsa", rsa_pair());
    }

    net::TlsServer server(const std::string& key_kind, Arguments arguments) const {
        arguments.push_back("--tls-cert-file=" + folder_.root() + "/" + key_kind + ".crt");
        arguments.push_back("--tls-private-key-file=" + folder_.root() + "/" + key_kind + ".key");
        const Flags flags = parse_flags(arguments);
        validate(flags);
        return serving_tls(flags);
    }

  private:
    void write(const std::string& name, const net::KeyPair& pair) const {
        folder_.write(name + ".crt", pair.certificate_pem);
        folder_.write(name + ".key", pair.key_pem);
    }
    test::FileTree folder_;
};

const Pairs& pairs() {
    static const Pairs made;
    return made;
}

// What a client offers: versions, suites of TLS 1.2 and groups by OpenSSL's names.
struct Offer {
    int from = TLS1_2_VERSION;
    int to = TLS1_3_VERSION;
    const char* suites = "ALL";
    const char* groups = "X25519:P-256:P-384:P-521";
};

// "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 X25519", or "refused".
std::string outcome(const net::TlsServer& tls, const Offer& offer) {
    const net::SslContextPtr context{SSL_CTX_new(TLS_client_method())};
    // So that what is old is refused by the server, not by the client itself.
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), offer.from);
    SSL_CTX_set_max_proto_version(context.get(), offer.to);
    REQUIRE(SSL_CTX_set_cipher_list(context.get(), offer.suites) == 1);
    REQUIRE(SSL_CTX_set1_groups_list(context.get(), offer.groups) == 1);
    const net::SslPtr client{SSL_new(context.get())};
    const net::SslPtr server{SSL_new(tls.impl()->context.get())};
    BIO* near = nullptr;
    BIO* far = nullptr;
    REQUIRE(BIO_new_bio_pair(&near, 0, &far, 0) == 1);
    SSL_set_bio(client.get(), near, near);
    SSL_set_bio(server.get(), far, far);
    int connected = 0;
    int accepted = 0;
    for (int turn = 0; turn < 20 && (connected != 1 || accepted != 1); ++turn) {
        connected = SSL_connect(client.get());
        accepted = SSL_accept(server.get());
    }
    if (connected != 1 || accepted != 1) return "refused";
    std::string text = std::string{SSL_get_version(server.get())} + " " + SSL_get_cipher_name(server.get());
    if (const int group = static_cast<int>(SSL_get_negotiated_group(server.get())); group != NID_undef)
        text += std::string{" "} + OBJ_nid2sn(group);
    return text;
}

}  // namespace

TEST_CASE("Clients get the versions, suites and groups that the flags name") {
    struct Case {
        const char* name;
        const char* key;
        Arguments flags;
        Offer offer;
        const char* expected;
    };
    const int v10 = TLS1_VERSION;
    const int v11 = TLS1_1_VERSION;
    const int v12 = TLS1_2_VERSION;
    const Case cases[] = {
        {"1.3 when both have it", "ecdsa", {}, {}, "TLSv1.3 TLS_AES_256_GCM_SHA384 X25519"},
        {"1.2 for those who need it",
         "rsa",
         {},
         {v12, v12, "ECDHE-RSA-AES128-GCM-SHA256"},
         "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 X25519"},
        {"no CBC unless asked for", "rsa", {}, {v12, v12, "ECDHE-RSA-AES128-SHA"}, "refused"},
        {"no RSA key exchange unless asked for", "rsa", {}, {v12, v12, "AES128-GCM-SHA256"}, "refused"},
        {"nothing older", "rsa", {}, {v10, v11}, "refused"},
        {"nothing older even by flag", "rsa", {"--tls-min-version=VersionTLS10"}, {v10, v11}, "refused"},
        {"1.2 with VersionTLS10",
         "rsa",
         {"--tls-min-version=VersionTLS10"},
         {v12, v12, "ECDHE-RSA-AES256-GCM-SHA384"},
         "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 X25519"},
        {"1.2 is refused with VersionTLS13",
         "rsa",
         {"--tls-min-version=VersionTLS13"},
         {v12, v12},
         "refused"},
        {"1.3 with VersionTLS13",
         "rsa",
         {"--tls-min-version=VersionTLS13"},
         {},
         "TLSv1.3 TLS_AES_256_GCM_SHA384 X25519"},
        {"the one named",
         "rsa",
         {"--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
         {v12, v12},
         "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 X25519"},
        {"not one that is not named",
         "rsa",
         {"--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
         {v12, v12, "ECDHE-RSA-AES128-GCM-SHA256"},
         "refused"},
        {"Go's short name",
         "rsa",
         {"--tls-cipher-suites=TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305"},
         {v12, v12},
         "TLSv1.2 ECDHE-RSA-CHACHA20-POLY1305 X25519"},
        {"CBC when asked for",
         "rsa",
         {"--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
         {v12, v12},
         "TLSv1.2 ECDHE-RSA-AES128-SHA X25519"},
        {"suites of 1.2 leave 1.3 as it is",
         "rsa",
         {"--tls-cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256"},
         {},
         "TLSv1.3 TLS_AES_256_GCM_SHA384 X25519"},
        {"suites of 1.3 choose nothing in 1.3",
         "rsa",
         {"--tls-cipher-suites=TLS_AES_128_GCM_SHA256"},
         {},
         "TLSv1.3 TLS_AES_256_GCM_SHA384 X25519"},
        {"suites of 1.3 alone leave none for 1.2",
         "rsa",
         {"--tls-cipher-suites=TLS_AES_128_GCM_SHA256"},
         {v12, v12},
         "refused"},
        {"RC4 is left out",
         "rsa",
         {"--tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
         {v12, v12},
         "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 X25519"},
        {"the group named",
         "ecdsa",
         {"--tls-curve-preferences=24"},
         {},
         "TLSv1.3 TLS_AES_256_GCM_SHA384 secp384r1"},
        {"not a group that is not named",
         "ecdsa",
         {"--tls-curve-preferences=24,25"},
         {v12, TLS1_3_VERSION, "ALL", "X25519:P-256"},
         "refused"},
        {"ML-KEM is left out",
         "ecdsa",
         {"--tls-curve-preferences=4588,23"},
         {},
         "TLSv1.3 TLS_AES_256_GCM_SHA384 prime256v1"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(outcome(pairs().server(c.key, c.flags), c.offer) == c.expected);
        }
}

TEST_CASE("Every suite of Go's that OpenSSL has can be had alone by its name") {
    const std::string cbc = "AES_128_CBC_SHA AES_128_CBC_SHA256 AES_256_CBC_SHA ";
    const std::string gcm = "AES_128_GCM_SHA256 AES_256_GCM_SHA384 ";
    const std::string chacha = "CHACHA20_POLY1305_SHA256 ";
    const std::pair<std::string, std::string> kinds[] = {
        {"ECDHE_ECDSA", cbc + gcm + chacha}, {"ECDHE_RSA", cbc + gcm + chacha}, {"RSA", cbc + gcm}};
    for (const auto& [exchange, ciphers] : kinds) {
        std::istringstream names{ciphers};
        for (std::string name; names >> name;) {
            const std::string flag = "--tls-cipher-suites=TLS_" + exchange + "_WITH_" + name;
            CAPTURE(flag);
            const char* key = exchange == "ECDHE_ECDSA" ? "ecdsa" : "rsa";
            const Offer offer{TLS1_2_VERSION, TLS1_2_VERSION};
            CHECK_THAT(outcome(pairs().server(key, {flag}), offer), Catch::StartsWith("TLSv1.2 "));
        }
    }
}

TEST_CASE("What Go has and OpenSSL has not is named") {
    struct Case {
        Arguments flags;
        std::vector<std::string> expected;
    };
    const Case cases[] = {
        {{}, {}},
        {{"--tls-min-version=VersionTLS12"}, {}},
        {{"--tls-min-version=VersionTLS11"}, {"--tls-min-version=VersionTLS11"}},
        {{"--tls-cipher-suites=TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA,TLS_AES_128_GCM_SHA256"},
         {"--tls-cipher-suites=TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"}},
        {{"--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_RC4_128_SHA,TLS_AES_256_GCM_SHA384",
          "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_RC4_128_SHA,TLS_CHACHA20_POLY1305_SHA256",
          "--tls-cipher-suites=TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
         {"--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
          "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_RC4_128_SHA",
          "--tls-cipher-suites=TLS_RSA_WITH_3DES_EDE_CBC_SHA"}},
        {{"--tls-curve-preferences=4587,4588,4589,29"},
         {"--tls-curve-preferences=4587", "--tls-curve-preferences=4588", "--tls-curve-preferences=4589"}},
    };
    for (const Case& c : cases) CHECK(tls_choice(parse_flags(c.flags)).without_effect == c.expected);
}

TEST_CASE("What Go does not have is refused at the start") {
    struct Case {
        Arguments flags;
        const char* expected;
    };
    const Case cases[] = {
        {{"--tls-min-version=1.2"}, "--tls-min-version: unknown tls version \"1.2\""},
        {{"--tls-min-version=VersionTLS14"}, "--tls-min-version: unknown tls version \"VersionTLS14\""},
        {{"--tls-cipher-suites=ECDHE-RSA-AES128-GCM-SHA256"},
         "--tls-cipher-suites: Cipher suite ECDHE-RSA-AES128-GCM-SHA256 not supported or doesn't exist"},
        {{"--tls-cipher-suites=TLS_AES_128_GCM_SHA256",
          "--tls-cipher-suites=TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
         "--tls-cipher-suites: Cipher suite TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 not supported or doesn't "
         "exist"},
        {{"--tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA"},
         "--tls-cipher-suites: OpenSSL has none of these; name one with AES or CHACHA20"},
        {{"--tls-curve-preferences=X25519"},
         R"(invalid argument "X25519" for "--tls-curve-preferences" flag: strconv.ParseInt: parsing "X25519": invalid syntax)"},
        {{"--tls-curve-preferences=30"},
         "--tls-curve-preferences: curve preference 30 is not supported; there are 23, 24, 25 and 29"},
        {{"--tls-curve-preferences=23,23"}, "--tls-curve-preferences: duplicate curve preference 23"},
        {{"--tls-curve-preferences=4588"},
         "--tls-curve-preferences: OpenSSL has none of these; name 23, 24, 25 or 29"},
    };
    for (const Case& c : cases) CHECK(test::flag_refusal(c.flags) == c.expected);
}
