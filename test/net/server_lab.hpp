// SPDX-License-Identifier: Apache-2.0
// A server on loopback, its certificates, and clients for it.
#pragma once

#include "net/connection.hpp"
#include "net/http/client.hpp"
#include "net/http/server.hpp"
#include "net/task_group.hpp"
#include "test/net/run.hpp"
#include "test/net/tls/authority.hpp"

#include <boost/asio/ip/address.hpp>
#include <catch2/catch.hpp>

namespace test {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

// Pieces of 'x', a given number of bytes in all.
class Pieces final : public net::BodySource {
  public:
    explicit Pieces(std::size_t bytes) : left_{bytes} {}
    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        const std::size_t now = std::min<std::size_t>(left_, 50'000);
        out.append(now, 'x');
        left_ -= now;
        co_return left_ > 0 ? net::Piece::more : net::Piece::last;
    }

  private:
    std::size_t left_;
};

class BrokenSource final : public net::BodySource {
  public:
    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        if (given_) co_return net::make_error_code(net::Errc::refused_content);
        given_ = true;
        out += "half";
        co_return net::Piece::more;
    }

  private:
    bool given_ = false;
};

// Answers by path, and remembers what it was asked.
class Echo final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override {
        net::Response response;
        ++requests;
        if (request.target == "/throw") throw std::runtime_error{"boom"};
        if (request.target == "/stream") response.source = std::make_unique<Pieces>(300'000);
        if (request.target == "/broken") response.source = std::make_unique<BrokenSource>();
        if (request.target == "/slow") co_await net::sleep_until(net::Clock::now() + 10s);
        if (request.target == "/echo")
            response.body = request.method + " " + std::string{request.headers.find("x-test").value_or("-")} +
                            " " + request.body + " cn=" + request.certificate.common_name();
        co_return response;
    }
    int requests = 0;
};

struct Pki {
    net::KeyPair authority = net::make_authority("test-ca");
    net::KeyPair serving = issue("server", true, {"127.0.0.1"});
    net::KeyPair client = issue("someone", false, {});

    net::KeyPair issue(const std::string& name, bool server, std::vector<std::string> addresses) const {
        net::CertificateRequest request;
        request.common_name = name;
        request.ip_addresses = std::move(addresses);
        request.server = server;
        request.client = !server;
        return net::issue(authority, request);
    }
    net::TlsServer server_tls() const {
        net::TlsServer::Options options;
        options.certificate = serving;
        return net::TlsServer::make(options).value();
    }
    net::TlsClient client_tls(bool with_certificate = false) const {
        net::TlsClient::Options options;
        options.ca_pem = authority.certificate_pem;
        if (with_certificate) options.certificate = client;
        return net::TlsClient::make(options).value();
    }
};

inline const Pki& pki() {
    static const Pki made;
    return made;
}

// A server on a free port, for as long as `body` runs.
template <class Body>
void with_server(net::ServerOptions options, bool tls, net::RequestHandler& handler, Body body) {
    asio::io_context loop{1};
    options.address = "127.0.0.1";
    net::HttpServer server{loop.get_executor(), options,
                           tls ? std::optional{pki().server_tls()} : std::nullopt, handler};
    REQUIRE(server.listen().has_value());
    net::TaskGroup group{loop.get_executor()};
    group.spawn(server.run());
    auto play = [&]() -> net::Task<> {
        co_await body(loop, server);
        server.stop(100ms);
        co_await group.wait();
    };
    run(loop, play());
}

inline net::Origin origin_of(const net::HttpServer& server, bool tls, bool with_certificate = false) {
    net::Origin origin;
    origin.host = "127.0.0.1";
    origin.port = server.port();
    if (tls) origin.tls = pki().client_tls(with_certificate);
    return origin;
}

inline net::ExchangeLimits within(std::chrono::milliseconds time) {
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + time;
    return limits;
}

inline net::Task<std::string> raw_exchange(const net::HttpServer& server, std::string sent) {
    const tcp::endpoint to{asio::ip::make_address("127.0.0.1"), server.port()};
    auto connection = co_await net::Connection::connect(to, nullptr, "", net::Clock::now() + 5s);
    REQUIRE(connection.has_value());
    auto written = co_await connection->write(sent, net::Clock::now() + 5s);
    REQUIRE(written.has_value());
    std::string answer;
    char buffer[4096];
    for (;;) {
        auto got = co_await connection->read_some(buffer, net::Clock::now() + 5s);
        if (!got) {
            if (got.error() != net::Errc::closed) answer += "<" + got.error().message() + ">";
            co_return answer;
        }
        answer.append(buffer, *got);
    }
}

}  // namespace test
