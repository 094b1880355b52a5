// SPDX-License-Identifier: Apache-2.0
#include "net/x509/bundle.hpp"

#include "net/tls/certificate.hpp"
#include "test/net/tls/authority.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace {

const net::KeyPair& authority() {
    static const net::KeyPair pair = net::make_authority("ca");
    return pair;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != text.npos);
    return text.replace(at, what.size(), with);
}

// The authority's certificate, with so many bytes behind it in its block.
std::string with_bytes_behind(int count) {
    const net::X509Ptr certificate = std::move(net::read_certificates(authority().certificate_pem)->front());
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    std::string bytes{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
    OPENSSL_free(der);
    bytes.append(static_cast<std::size_t>(count), '\0');
    std::string base64((bytes.size() + 2) / 3 * 4 + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                    reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    base64.pop_back();
    return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
}

// Those of a bundle, by their subjects.
std::vector<std::string> subjects(const net::x509::Bundle& bundle) {
    std::vector<std::string> names;
    for (const net::X509Ptr& one : bundle.certificates) {
        char name[64] = "";
        X509_NAME_get_text_by_NID(X509_get_subject_name(one.get()), NID_commonName, name, sizeof name);
        names.emplace_back(name);
    }
    return names;
}

}  // namespace

TEST_CASE("A broken block of a bundle costs itself and is named") {
    const std::string good = authority().certificate_pem;
    const std::string header = "-----BEGIN CERTIFICATE-----\n";
    const std::string footer = "-----END CERTIFICATE-----\n";
    struct Case {
        const char* name;
        std::string block;
        const char* complaint;
    };
    const Case cases[] = {
        {"bad base64", header + "!!!!\n" + footer, "not base64"},
        {"half of the base64", header + "AAAAA\n" + footer, "not base64"},
        {"no certificate", header + "AAAA\n" + footer, "no X.509 certificate"},
        {"nothing in it", header + footer, "no X.509 certificate"},
        {"a byte behind it", with_bytes_behind(1), "there is more than a certificate in it"},
        {"a key", authority().key_pem, "of type EC PRIVATE KEY, not CERTIFICATE"},
        {"OpenSSL's trusted kind",
         replaced(replaced(good, "BEGIN ", "BEGIN TRUSTED "), "END ", "END TRUSTED "),
         "of type TRUSTED CERTIFICATE, not CERTIFICATE"},
        {"headers", replaced(good, header, header + "Proc-Type: 4,ENCRYPTED\n\n"), "it has headers"},
        {"no END", header + "AAAA\n", "it has no END"},
        {"another END", header + "AAAA\n-----END PRIVATE KEY-----\n", "its BEGIN and END do not match"},
        {"an END cut short", header + "AAAA\n-----END CERTIFICATE\n", "its BEGIN and END do not match"},
        {"a BEGIN cut short", "-----BEGIN CERTIFICATE\nAAAA\n" + footer, "its BEGIN and END do not match"},
        {"no BEGIN", "AAAA\n" + footer, "an END without its BEGIN"},
        {"indented", "  " + header + "  AAAA\n", "a BEGIN that does not begin its line"},
    };
    const std::string other = net::make_authority("other").certificate_pem;
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            const net::x509::Bundle bundle = net::x509::read_bundle("# ours\n" + good + c.block + other);
            CHECK(subjects(bundle) == std::vector<std::string>{"ca", "other"});
            REQUIRE(bundle.complaints.size() == 1);
            const auto line =
                2 + std::count(good.begin(), good.end(), '\n') + (c.name == std::string{"no BEGIN"});
            CHECK(bundle.complaints[0] == "block 2 (line " + std::to_string(line) + "): " + c.complaint);
            // Alone it leaves nothing to trust, and is named as well.
            CHECK(net::TrustPool::from_pem(c.block).has_error());
            CHECK(net::x509::read_bundle(c.block).complaints.size() == 1);
        }
    }
}

TEST_CASE("A whole bundle gives no complaint however it is written") {
    const std::string good = authority().certificate_pem;
    std::string dos;
    for (const char c : good) dos += c == '\n' ? std::string{"\r\n"} : std::string{c};
    std::string spaced;
    for (const char c : good) spaced += c == '\n' ? std::string{" \t\n"} : std::string{c};
    for (const std::string& text : {good, "text: before\n" + good + "and after", dos, spaced, good + good,
                                    good.substr(0, good.size() - 1)}) {
        const net::x509::Bundle bundle = net::x509::read_bundle(text);
        CHECK(subjects(bundle) == std::vector<std::string>{"ca"});
        CHECK(bundle.complaints == std::vector<std::string>{});
    }
}

TEST_CASE("Complaints about a bundle are bounded") {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "-----END X-----\n";
    const net::x509::Bundle bundle = net::x509::read_bundle(text);
    REQUIRE(bundle.complaints.size() == 21);
    CHECK(bundle.complaints.back() == "and 980 more");
}
