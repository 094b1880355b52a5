// SPDX-License-Identifier: Apache-2.0
#include "test/net/server_lab.hpp"
#include "test/net/tls/shown_certificate.hpp"

using namespace std::chrono_literals;
using test::shown_by;

namespace {

net::CertificateRequest client_named(const std::string& name) {
    net::CertificateRequest request;
    request.common_name = name;
    request.organizations = {"system:masters", "second"};
    request.client = true;
    return request;
}

}  // namespace

TEST_CASE("A client certificate tells its subject") {
    const net::KeyPair authority = net::make_authority("front-proxy-ca");
    const net::PeerCertificate shown = shown_by(net::issue(authority, client_named("front-proxy-client")));
    REQUIRE(shown);
    CHECK(shown.common_name() == "front-proxy-client");
    CHECK(shown.organizations() == std::vector<std::string>{"system:masters", "second"});
    CHECK(shown.sha256().size() == 64);
    CHECK(shown.not_after() > std::chrono::system_clock::now() + 300 * 24h);
    CHECK(!shown_by(std::nullopt));
}

TEST_CASE("A client certificate is accepted by its authority alone and for its purpose and time") {
    const net::KeyPair authority = net::make_authority("ca");
    const net::KeyPair other = net::make_authority("other");
    struct Case {
        const char* name;
        net::KeyPair certificate;
        // 0 or X509_V_ERR_*
        int error;
    };
    net::CertificateRequest server_only = client_named("a");
    server_only.client = false;
    server_only.server = true;
    net::CertificateRequest no_usage = client_named("a");
    no_usage.client = false;
    net::CertificateRequest expired = client_named("a");
    expired.not_after_offset = -60s;
    net::CertificateRequest early = client_named("a");
    early.not_before_offset = 3600s;
    const Case cases[] = {
        {"good", net::issue(authority, client_named("a")), 0},
        {"no extended key usage", net::issue(authority, no_usage), 0},
        {"another authority", net::issue(other, client_named("a")), 20},
        {"for servers only", net::issue(authority, server_only), 26},
        {"expired", net::issue(authority, expired), 10},
        {"not yet valid", net::issue(authority, early), 9},
    };
    const net::TrustPool pool = net::TrustPool::from_pem(authority.certificate_pem).value();
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            const auto verified = pool.verify_client(shown_by(c.certificate));
            CHECK((verified ? 0 : verified.error().value()) == c.error);
        }
    }
    const auto nobody = pool.verify_client({});
    REQUIRE(!nobody.has_value());
    CHECK(nobody.error() == net::Errc::no_certificate);
}

TEST_CASE("A verified chain is good while each of its certificates is") {
    const net::KeyPair authority = net::make_authority("ca");
    const net::TrustPool pool = net::TrustPool::from_pem(authority.certificate_pem).value();
    net::CertificateRequest shorter = client_named("a");
    shorter.not_before_offset = -60s;
    shorter.not_after_offset = 600s;
    // The authority is an hour old and lives for ten years.
    net::CertificateRequest longer = client_named("a");
    longer.not_before_offset = -24h;
    longer.not_after_offset = 24h * 365 * 20;
    net::CertificateRequest endless = client_named("a");
    endless.not_after_offset = 24h * 365 * 7000;
    struct Case {
        const char* name;
        net::CertificateRequest request;
        std::chrono::seconds from;
        std::chrono::seconds until;
    };
    const Case cases[] = {
        {"the client's is shorter", shorter, -60s, 600s},
        {"the authority's is shorter", longer, -3600s, 24h * 3650},
        {"the client's has no end", endless, -3600s, 24h * 3650},
    };
    const auto now = std::chrono::system_clock::now();
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            const net::PeerCertificate shown = shown_by(net::issue(authority, c.request));
            const auto good = pool.verify_client(shown, now);
            REQUIRE(good.has_value());
            CHECK(std::chrono::abs(good->from - (now + c.from)) < 30s);
            CHECK(std::chrono::abs(good->until - (now + c.until)) < 30s);
            CHECK(good->holds(good->from));
            CHECK(!good->holds(good->from - 1s));
            CHECK(!good->holds(good->until));
            // The time that is asked about counts, and no other.
            CHECK(pool.verify_client(shown, good->until - 1s).has_value());
            CHECK(!pool.verify_client(shown, good->until).has_value());
            CHECK(pool.verify_client(shown, good->from).has_value());
            CHECK(!pool.verify_client(shown, good->from - 1s).has_value());
        }
    }
}

TEST_CASE("An intermediate that the client sends along completes its chain") {
    // An intermediate authority is made like any other and then signed: here the pool holds the issuer
    // itself.
    const net::KeyPair authority = net::make_authority("ca");
    net::KeyPair client = net::issue(authority, client_named("a"));
    client.certificate_pem += authority.certificate_pem;
    const net::TrustPool pool = net::TrustPool::from_pem(authority.certificate_pem).value();
    CHECK(pool.verify_client(shown_by(client)).has_value());
}

TEST_CASE("PEM text without a certificate is refused") {
    const net::KeyPair authority = net::make_authority("ca");
    for (const std::string& text : {std::string{}, std::string{"hello"}, authority.key_pem}) {
        const auto pool = net::TrustPool::from_pem(text);
        REQUIRE(!pool.has_value());
        CHECK(pool.error() == net::Errc::bad_pem);
    }
}

TEST_CASE("The certificates of a PEM text are read with their names, all of them or none") {
    const net::KeyPair authority = net::make_authority("authority");
    net::CertificateRequest request;
    request.common_name = "kubelet";
    request.dns_names = {"n1", "n1.example.org"};
    request.ip_addresses = {"10.0.0.1", "fd00::1"};
    const auto read = net::PeerCertificate::from_pem(net::issue(authority, request).certificate_pem +
                                                     authority.certificate_pem);
    REQUIRE(read.has_value());
    REQUIRE(read->size() == 2);
    CHECK((*read)[0].common_name() == "kubelet");
    CHECK((*read)[0].names() == std::vector<std::string>{"n1", "n1.example.org", "10.0.0.1", "fd00::1"});
    CHECK((*read)[1].common_name() == "authority");
    CHECK((*read)[1].names().empty());
    CHECK(net::PeerCertificate::from_pem("no PEM").error() == net::Errc::bad_pem);
    CHECK(net::PeerCertificate::from_pem(authority.certificate_pem +
                                         "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n")
              .error() == net::Errc::bad_pem);
}

TEST_CASE("A pair whose halves do not match is refused") {
    const net::KeyPair one = net::make_self_signed({"a"});
    const net::KeyPair two = net::make_self_signed({"a"});
    net::TlsServer::Options options;
    options.certificate = {one.certificate_pem, two.key_pem};
    const auto mixed = net::TlsServer::make(options);
    REQUIRE(!mixed.has_value());
    CHECK(mixed.error() == net::Errc::key_mismatch);
    options.certificate = one;
    CHECK(net::TlsServer::make(options).has_value());
}
