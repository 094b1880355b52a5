// SPDX-License-Identifier: Apache-2.0
// What is decided about a server's certificate holds in the handshake too.
#include "test/checkout.hpp"
#include "test/net/server_lab.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <openssl/x509_vfy.h>

using namespace test;

namespace {

// What a client that trusts the authorities gets of a server that shows the pair.
net::Error call(const net::KeyPair& pair, const std::string& authorities, const std::string& name) {
    net::TlsServer::Options server_options;
    server_options.certificate = pair;
    net::TlsClient::Options client_options;
    client_options.ca_pem = authorities;
    const net::TlsClient caller = net::TlsClient::make(client_options).value();
    net::Error outcome;
    Echo echo;
    const auto play = [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        const tcp::endpoint to{asio::ip::make_address("127.0.0.1"), server.port()};
        auto connection = co_await net::Connection::connect(to, &caller, name, net::Clock::now() + 5s);
        if (!connection) outcome = connection.error();
    };
    with_server({}, net::TlsServer::make(server_options).value(), echo, play);
    return outcome;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The n-th block of a kind.
std::string block(const std::string& text, const std::string& kind, int n) {
    std::size_t at = 0;
    for (int i = 0; i <= n; ++i) at = text.find("-----BEGIN " + kind, at + (i > 0 ? 1 : 0));
    const std::string end = "-----END " + kind + "-----\n";
    return text.substr(at, text.find(end, at) + end.size() - at);
}

net::Error refused(int error) {
    return {error, net::certificate_category()};
}

}  // namespace

TEST_CASE("Servers with odd certificates that Go accepts are accepted") {
    const std::string text = read_file(checkout::chains() / "odd_kubelets.pem");
    const char* names[] = {"keyCertSign alone", "RSA of 1024 bits", "extended key usage any alone"};
    for (int i = 0; i < 3; ++i) {
        DYNAMIC_SECTION(names[i]) {
            const net::KeyPair pair{block(text, "CERTIFICATE", i), block(text, "PRIVATE KEY", i)};
            const std::string authority = block(text, "CERTIFICATE", 3);
            CHECK(call(pair, authority, "127.0.0.9") == net::Error{});
            CHECK(call(pair, authority, "127.0.0.8") == refused(X509_V_ERR_IP_ADDRESS_MISMATCH));
        }
    }
}

TEST_CASE("A server's name never is its subject's common name") {
    const net::KeyPair authority = net::make_authority("ca");
    net::CertificateRequest request;
    request.common_name = "localhost";
    request.server = true;
    const net::KeyPair bare = net::issue(authority, request);
    CHECK(call(bare, authority.certificate_pem, "localhost") == refused(X509_V_ERR_UNSUPPORTED_NAME_SYNTAX));
    CHECK_THAT(refused(X509_V_ERR_UNSUPPORTED_NAME_SYNTAX).message(), Catch::Contains("legacy Common Name"));
    request.dns_names = {"LocalHost"};
    const net::KeyPair named = net::issue(authority, request);
    CHECK(call(named, authority.certificate_pem, "localhost") == net::Error{});
}

TEST_CASE("A server is trusted by whatever authority of a bundle has signed") {
    const net::KeyPair before = net::make_authority("ca");
    const net::KeyPair now = net::make_authority("ca");
    net::CertificateRequest request;
    request.dns_names = {"localhost"};
    request.server = true;
    const net::KeyPair pair = net::issue(now, request);
    const std::string broken = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    CHECK(call(pair, before.certificate_pem + broken + now.certificate_pem, "localhost") == net::Error{});
    CHECK(call(pair, now.certificate_pem + before.certificate_pem, "localhost") == net::Error{});
    CHECK(call(pair, before.certificate_pem, "localhost") == refused(X509_V_ERR_CERT_SIGNATURE_FAILURE));
}
