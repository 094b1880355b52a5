// SPDX-License-Identifier: Apache-2.0
// What a server keeps of the certificates that clients show.
#include "net/tls/openssl.hpp"
#include "test/net/server_lab.hpp"
#include "test/net/tls/authority.hpp"

#include <future>
#include <list>
#include <optional>

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <sys/socket.h>
#include <unistd.h>

using namespace test;

namespace {

struct FreeSession {
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using SessionPtr = std::unique_ptr<SSL_SESSION, FreeSession>;

struct Seen {
    bool resumed = false;
    int authorities_named = 0;
    std::string answer;
    SessionPtr session;
};

// A client in OpenSSL itself: ours keeps no sessions. It asks once and says goodbye.
Seen meet(std::uint16_t port, int version, bool with_certificate, SSL_SESSION* resumes) {
    Seen seen;
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const tcp::endpoint to{asio::ip::make_address("127.0.0.1"), port};
    if (::connect(socket, to.data(), static_cast<socklen_t>(to.size())) != 0) return seen;
    const net::SslContextPtr context{SSL_CTX_new(TLS_client_method())};
    SSL_CTX_set_max_proto_version(context.get(), version);
    if (with_certificate) {
        const auto chain = net::read_certificates(pki().client.certificate_pem).value();
        SSL_CTX_use_certificate(context.get(), chain.front().get());
        SSL_CTX_use_PrivateKey(context.get(), net::read_key(pki().client.key_pem).value().get());
    }
    const net::SslPtr ssl{SSL_new(context.get())};
    SSL_set_fd(ssl.get(), socket);
    if (resumes) SSL_set_session(ssl.get(), resumes);
    if (SSL_connect(ssl.get()) == 1) {
        seen.resumed = SSL_session_reused(ssl.get()) == 1;
        const STACK_OF(X509_NAME)* names = SSL_get0_peer_CA_list(ssl.get());
        seen.authorities_named = names ? sk_X509_NAME_num(names) : 0;
        const std::string request = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
        SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
        char answer[1000];
        const int got = SSL_read(ssl.get(), answer, sizeof answer);
        if (got > 0) seen.answer.assign(answer, static_cast<std::size_t>(got));
        seen.session.reset(SSL_get1_session(ssl.get()));
        SSL_shutdown(ssl.get());
    }
    ::close(socket);
    return seen;
}

net::Task<Seen> met(std::uint16_t port, int version, bool with_certificate, SSL_SESSION* resumes) {
    auto seen = std::async(std::launch::async, meet, port, version, with_certificate, resumes);
    while (seen.wait_for(0s) != std::future_status::ready) co_await net::sleep_until(net::Clock::now() + 2ms);
    co_return seen.get();
}

// So many certificates in one text, of some bytes each: the first is the client's.
net::KeyPair client_of_bytes(std::size_t bytes) {
    net::CertificateRequest request;
    request.common_name = "large";
    request.client = true;
    for (std::size_t i = 0; i < bytes / 100; ++i) request.dns_names.emplace_back(98, 'a');
    return net::issue(pki().authority, request);
}

// A client whose public key takes so many bytes more than it needs, for parameters that nobody reads: a true
// one of that size would take minutes to make.
net::KeyPair client_with_key_of_bytes(int bytes) {
    const auto authority = net::read_certificates(pki().authority.certificate_pem).value();
    const auto by = net::read_key(pki().authority.key_pem).value();
    static const net::KeyPtr key{EVP_RSA_gen(2048)};
    const net::X509Ptr certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(authority.front().get()));
    X509_set_pubkey(certificate.get(), key.get());

    unsigned char* der = nullptr;
    const int size = i2d_PublicKey(key.get(), &der);
    ASN1_OCTET_STRING* parameters = ASN1_OCTET_STRING_new();
    const std::string filling(static_cast<std::size_t>(bytes), 'x');
    ASN1_STRING_set(parameters, filling.data(), bytes);
    X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(certificate.get()), OBJ_nid2obj(NID_rsaEncryption),
                           V_ASN1_OCTET_STRING, parameters, der, size);
    X509_sign(certificate.get(), by.get(), EVP_sha256());
    const net::BioPtr pem{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(pem.get(), certificate.get());
    PEM_write_bio_PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long length = BIO_get_mem_data(pem.get(), &text);
    const std::string both{text, static_cast<std::size_t>(length)};
    return {both, both};
}

net::KeyPair with_authorities(net::KeyPair certificate, int authorities) {
    for (int i = 0; i < authorities; ++i) certificate.certificate_pem += pki().authority.certificate_pem;
    return certificate;
}

// Remembers the certificates that were shown.
class Witness final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override {
        shown.push_back(request.certificate);
        net::Response response;
        response.client_proven = proves;
        co_return response;
    }
    // Whether a client that shows this is answered.
    bool answers(const net::KeyPair& certificate) {
        Answered answered;
        with_server({}, true, *this, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
            net::HttpClient client{loop.get_executor(), origin_showing(server, certificate)};
            answered = co_await ask(client, "/");
        });
        return !answered.error;
    }
    bool proves = false;
    std::vector<net::PeerCertificate> shown;
};

}  // namespace

TEST_CASE("A session is kept of clients without certificate alone, and no authorities are named to them") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            for (const bool with_certificate : {false, true}) {
                CAPTURE(version, with_certificate);
                const Seen first = co_await met(server.port(), version, with_certificate, nullptr);
                const Seen second =
                    co_await met(server.port(), version, with_certificate, first.session.get());
                CHECK(!first.resumed);
                CHECK(second.resumed == !with_certificate);
                CHECK(first.authorities_named == 0);
                // It is asked for again, and is the same.
                const std::string name = with_certificate ? "cn=someone" : "cn=";
                CHECK(first.answer.ends_with(name));
                CHECK(second.answer.ends_with(name));
            }
        }
    });
}

TEST_CASE("A client's chain is kept in its own bytes unless it is plain") {
    struct Case {
        const char* name;
        net::KeyPair certificate;
        int authorities;
        bool plain;
    };
    net::CertificateRequest many_parts;
    many_parts.client = true;
    many_parts.common_name = "a";
    for (int i = 0; i < 8; ++i) many_parts.organizations.emplace_back("o");
    net::CertificateRequest long_name;
    long_name.client = true;
    long_name.uids.emplace_back(1800, 'u');
    net::CertificateRequest plain;
    plain.client = true;
    const net::KeyPair other = net::make_authority("a", many_parts.organizations);
    const Case cases[] = {
        {"an ordinary one", pki().client, 0, true},
        {"with its authority", pki().client, 1, false},
        {"with many", pki().client, 7, false},
        {"a large one", client_of_bytes(8000), 1, false},
        {"200 bytes of names", client_of_bytes(200), 0, false},
        {"9 parts of the subject", net::issue(pki().authority, many_parts), 0, false},
        {"9 parts of the issuer", net::issue(other, plain), 0, false},
        {"over 2 KiB for a long name", net::issue(pki().authority, long_name), 0, false},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Witness witness;
            witness.answers(with_authorities(c.certificate, c.authorities));
            REQUIRE(witness.shown.size() == 1);
            const net::PeerCertificate& shown = witness.shown.front();
            const net::PeerCertificate read = shown.read();
            REQUIRE(read);
            const auto was = net::read_certificates(c.certificate.certificate_pem).value();
            CHECK(X509_cmp(read.impl()->leaf.get(), was.front().get()) == 0);
            CHECK(read.impl()->intermediates.size() == static_cast<std::size_t>(c.authorities));
            std::size_t whole = 0;
            for (const net::X509Ptr& one : read.impl()->intermediates)
                whole += static_cast<std::size_t>(i2d_X509(one.get(), nullptr));
            whole += static_cast<std::size_t>(i2d_X509(was.front().get(), nullptr));
            CHECK(shown.kept_bytes() == (c.plain ? 0 : whole));
            CHECK(shown.sha256() == read.sha256());
            const auto pool =
                net::TrustPool::from_pem(pki().authority.certificate_pem + other.certificate_pem).value();
            CHECK(pool.verify_client(shown).has_value());
            // What it took to look is gone.
            CHECK((shown.impl()->leaf != nullptr) == c.plain);
        }
}

TEST_CASE("A client's chain is bounded in certificates and in bytes, and so is its key") {
    struct Case {
        const char* name;
        net::KeyPair certificate;
        int authorities;
        bool taken;
    };
    const Case cases[] = {
        {"eight", pki().client, 7, true},
        {"nine", pki().client, 8, false},
        {"15 KiB", client_of_bytes(std::size_t{15} * 1024), 0, true},
        {"17 KiB", client_of_bytes(std::size_t{17} * 1024), 0, false},
        {"a key of 1.9 KiB", client_with_key_of_bytes(1600), 0, true},
        {"a key of 2.1 KiB", client_with_key_of_bytes(1800), 0, false},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Witness witness;
            CHECK(witness.answers(with_authorities(c.certificate, c.authorities)) == c.taken);
            CHECK(witness.shown.size() == (c.taken ? 1 : 0));
        }
}

TEST_CASE(
    "Of clients that proved nothing the one with the largest certificate goes when there are too many") {
    struct Case {
        const char* name;
        bool proves;
        std::vector<std::size_t> bytes;
        std::uint64_t dropped;
    };
    // 4 KiB of each are free.
    const Case cases[] = {
        {"ordinary ones stay", false, {1000, 1000, 2000}, 0},
        {"large ones stay while there is room", false, {9000}, 0},
        {"the first is the largest", false, {11'000, 6000, 1000}, 1},
        {"the last is the largest", false, {6000, 1000, 11'000}, 1},
        {"who proved something does not count", true, {9000, 9000, 9000}, 0},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Witness witness;
            witness.proves = c.proves;
            net::ServerOptions serving;
            serving.certificate_bytes = std::size_t{8} * 1024;
            with_server(serving, true, witness,
                        [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
                            std::list<net::HttpClient> clients;
                            for (const std::size_t bytes : c.bytes) {
                                clients.emplace_back(loop.get_executor(),
                                                     origin_showing(server, client_of_bytes(bytes)));
                                co_await ask(clients.back(), "/");
                            }
                            CHECK(server.counts().dropped_connections == c.dropped);
                            for (net::HttpClient& client : clients) client.disconnect();
                        });
        }
}
