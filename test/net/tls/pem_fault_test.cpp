// SPDX-License-Identifier: Apache-2.0
#include "net/tls/pem_fault.hpp"

#include <catch2/catch.hpp>

namespace {

// Its passphrase is "secret".
constexpr const char* kEncrypted = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIH0MF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBB9OQNY0dvw5f3mH5Q8
7GI7AgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQPSwIfwXqJeS6fc2f
+zzfMASBkCsF+zUbQyJXVnWEzGFgf5UrEqreMtiAM12Q4g38ghJBqAyWTk/iK5Vt
VL8FfN7nTHwTVnQAYIi1BoSqdFriMK9qe9DPv+kMecGW/6OJtKRHC72IyAos/hQx
YdudiYW2zvNXQn2dm1Tkvzh+ar2+t5iTv65eTuzlwONuH/JyFXRI3x12U7t0g3ub
UhnV/mgsIw==
-----END ENCRYPTED PRIVATE KEY-----
)";
// The traditional form, as openssl ec -aes128 writes it. Its bytes mean nothing.
constexpr const char* kEncryptedBefore = R"(-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,3D1A7A0F3E8C9A5B6C7D8E9F00112233

3q2+796tvu/erb7v3q2+796tvu/erb7v3q2+796tvu/erb7v3q2+796tvu/erb7v
-----END EC PRIVATE KEY-----
)";
constexpr const char* kBroken = R"(-----BEGIN CERTIFICATE-----
3q2+796tvu/erb7v
-----END CERTIFICATE-----
)";

std::string block(const std::string& label) {
    return "-----BEGIN " + label + "-----\n3q2+7w==\n-----END " + label + "-----\n";
}

const net::KeyPair& pair() {
    static const net::KeyPair made = net::make_self_signed({});
    return made;
}

}  // namespace

TEST_CASE("what is wrong with a certificate or a key is said") {
    struct Case {
        const char* name;
        std::string text;
        std::string certificates;
        std::string key;
    };
    const std::string empty = "is empty";
    const std::string der = "is in DER form (or PKCS #12); topd reads PEM";
    const std::string encrypted =
        "is encrypted; topd takes keys without a passphrase (openssl pkey -in FILE -out NEW)";
    const std::string no_certificate = "holds a key where a certificate is expected";
    const Case cases[] = {
        {"nothing", "", empty, empty},
        {"blanks", " \r\n\t\n", empty, empty},
        {"words", "no PEM", "holds no PEM block", "holds no PEM block"},
        {"DER", "\x30\x82\x01\x02\x03", der, der},
        {"short DER", "\x30\x81\x80\x02\x03", der, der},
        {"base64 twice", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==", "is base64 of PEM text: decode it once",
         "is base64 of PEM text: decode it once"},
        {"a good certificate", pair().certificate_pem, "",
         "holds a certificate where a private key is expected"},
        {"a good key", pair().key_pem, no_certificate, ""},
        {"both in one", pair().key_pem + pair().certificate_pem, "", ""},
        {"an encrypted key", kEncrypted, no_certificate, encrypted},
        {"a comment and an encrypted key", std::string{"# key\n"} + kEncrypted, no_certificate, encrypted},
        {"an encrypted key in the old form", kEncryptedBefore, no_certificate, encrypted},
        {"SSH's form", block("OPENSSH PRIVATE KEY"), no_certificate,
         "is a key of SSH's own form (ssh-keygen -p -m PEM -f FILE)"},
        {"a public key", block("PUBLIC KEY"), "holds \"PUBLIC KEY\" where a certificate is expected",
         "holds \"PUBLIC KEY\" where a private key is expected"},
        {"a request", block("CERTIFICATE REQUEST"),
         "holds \"CERTIFICATE REQUEST\" where a certificate is expected",
         "holds \"CERTIFICATE REQUEST\" where a private key is expected"},
        {"a label with controls", block("\x1b[31m"), "holds \"?[31m\" where a certificate is expected",
         "holds \"?[31m\" where a private key is expected"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(net::certificates_fault(c.text) == c.certificates);
            CHECK(net::key_fault(c.text) == c.key);
        }
    CHECK_THAT(net::certificates_fault(kBroken),
               Catch::StartsWith("its certificate number 1 cannot be read: "));
    CHECK_THAT(net::certificates_fault(pair().certificate_pem + kBroken),
               Catch::StartsWith("its certificate number 3 cannot be read: "));
    CHECK_THAT(net::key_fault(block("EC PRIVATE KEY")),
               Catch::StartsWith("its private key cannot be read: "));
    const std::string cut = pair().key_pem.substr(0, pair().key_pem.size() / 2);
    CHECK_THAT(net::key_fault(cut), Catch::StartsWith("its private key cannot be read: "));
}

TEST_CASE("of a certificate and its key the one that is wrong is named") {
    const net::KeyPair other = net::make_self_signed({});
    const auto fault = [](const net::KeyPair& shown) { return net::pair_fault(shown, "a.crt", "a.key"); };
    CHECK(fault(pair()).empty());
    CHECK(fault({pair().certificate_pem, ""}) == "a.key: is empty");
    CHECK(fault({"", pair().key_pem}) == "a.crt: is empty");
    CHECK(fault({pair().certificate_pem, other.key_pem}) ==
          "a.key: the key does not belong to the certificate in a.crt");
    CHECK(fault({pair().key_pem, pair().certificate_pem}) ==
          "a.crt: holds a key where a certificate is expected");
    CHECK_THAT(fault({pair().certificate_pem, kEncrypted}), Catch::StartsWith("a.key: is encrypted; "));
    // The authority first, as some tools join them.
    const std::size_t second = pair().certificate_pem.find("-----BEGIN", 1);
    const std::string turned =
        pair().certificate_pem.substr(second) + pair().certificate_pem.substr(0, second);
    CHECK(fault({turned, pair().key_pem}) ==
          "a.crt: the key's own certificate is number 2 in it, and has to be the first");
}
