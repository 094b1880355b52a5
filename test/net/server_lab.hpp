// SPDX-License-Identifier: Apache-2.0
// A server on loopback, its certificates, and clients for it.
#pragma once

#include "net/connection.hpp"
#include "net/http/client.hpp"
#include "net/http/server.hpp"
#include "net/task_group.hpp"
#include "test/net/run.hpp"
#include "test/net/tls/authority.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

namespace test {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

// Pieces of 'x', a given number of bytes in all.
class Pieces final : public net::BodySource {
  public:
    explicit Pieces(std::size_t bytes) : left_{bytes} {}
    net::Task<net::Result<net::Piece>> next(std::string& out) override;

  private:
    std::size_t left_;
};

// Answers by path, and remembers what it was asked.
class Echo final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override;
    int requests = 0;
};

struct Pki {
    net::KeyPair authority = net::make_authority("test-ca");
    net::KeyPair serving = issue("server", true, {"127.0.0.1"});
    net::KeyPair client = issue("someone", false, {});

    net::KeyPair issue(const std::string& name, bool server, std::vector<std::string> addresses) const;
    net::TlsServer server_tls() const;
    net::TlsClient client_tls(bool with_certificate = false) const;
};

const Pki& pki();

// A server on a free port, for as long as `body` runs; `tls`: with the certificate of pki(), or another's.
using ServerPlay = std::function<net::Task<>(asio::io_context&, net::HttpServer&)>;
void with_server(net::ServerOptions options, bool tls, net::RequestHandler& handler, const ServerPlay& body);
void with_server(net::ServerOptions options, std::optional<net::TlsServer> tls, net::RequestHandler& handler,
                 const ServerPlay& body);

net::Origin origin_of(const net::HttpServer& server, bool tls, bool with_certificate = false);
// Of a client that shows the certificate, if any, and trusts whatever it is shown.
net::Origin origin_showing(const net::HttpServer& server, std::optional<net::KeyPair> certificate);

net::ExchangeLimits within(std::chrono::milliseconds time);

// An answer, or why there is none; what came of its body is there in any case.
struct Answered {
    net::Error error;
    unsigned status = 0;
    net::Headers headers;
    std::string body;

    std::string header(std::string_view name) const;
};
net::Task<Answered> ask(net::HttpClient& client, net::Request request, std::chrono::milliseconds time = 5s);
net::Task<Answered> ask(net::HttpClient& client, std::string target, std::chrono::milliseconds time = 5s);

net::Task<std::string> raw_exchange(const net::HttpServer& server, std::string sent);

}  // namespace test
