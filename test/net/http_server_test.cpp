// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.hpp"

#include "net/connection.hpp"
#include "net/http_client.hpp"
#include "net/task_group.hpp"
#include "test/net/run.hpp"

#include <boost/asio/ip/address.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

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

const Pki& pki() {
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
    test::run(loop, play());
}

net::Origin origin_of(const net::HttpServer& server, bool tls, bool with_certificate = false) {
    net::Origin origin;
    origin.host = "127.0.0.1";
    origin.port = server.port();
    if (tls) origin.tls = pki().client_tls(with_certificate);
    return origin;
}

net::ExchangeLimits within(std::chrono::milliseconds time) {
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + time;
    return limits;
}

net::Task<std::string> raw_exchange(const net::HttpServer& server, std::string sent) {
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

}  // namespace

TEST_CASE("A client and a server exchange requests over TLS on one kept connection") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, true, true)};
        for (int i = 0; i < 3; ++i) {
            net::Request request;
            request.method = "POST";
            request.target = "/echo";
            request.headers.add("X-Test", "yes");
            request.body = "body";
            net::StringSink sink{1000};
            auto head = co_await client.exchange(request, sink, within(5s));
            REQUIRE(head.has_value());
            CHECK(head->status == 200);
            CHECK(sink.text() == "POST yes body cn=someone");
            CHECK(client.connected());
            CHECK(server.open_connections() == 1);
        }
        net::Request get;
        get.target = "/stream";
        net::StringSink sink{1'000'000};
        auto head = co_await client.exchange(get, sink, within(5s));
        REQUIRE(head.has_value());
        CHECK(head->headers.find("Transfer-Encoding") == "chunked");
        CHECK(sink.text() == std::string(300'000, 'x'));
    });
}

TEST_CASE("A server whose certificate is not good gets no request") {
    struct Case {
        const char* name;
        bool other_authority;
        const char* server_name;
        int error;
    };
    // X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, _IP_ADDRESS_MISMATCH, _HOSTNAME_MISMATCH
    const Case cases[] = {{"unknown authority", true, "", 20},
                          {"another address", false, "127.0.0.2", 64},
                          {"another name", false, "node-1", 62}};
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            Echo echo;
            with_server({}, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
                net::Origin origin = origin_of(server, true);
                origin.server_name = c.server_name;
                if (c.other_authority) {
                    net::TlsClient::Options options;
                    options.ca_pem = net::make_authority("other").certificate_pem;
                    origin.tls = net::TlsClient::make(options).value();
                }
                net::HttpClient client{loop.get_executor(), origin};
                net::Request request;
                net::StringSink sink{1000};
                auto head = co_await client.exchange(request, sink, within(5s));
                REQUIRE(!head.has_value());
                CHECK(head.error() == net::Error(c.error, net::certificate_category()));
            });
            CHECK(echo.requests == 0);
        }
    }
}

TEST_CASE("A handler that throws costs that request") {
    Echo echo;
    with_server({}, false, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, false)};
        net::Request request;
        request.target = "/throw";
        net::StringSink sink{1000};
        auto head = co_await client.exchange(request, sink, within(5s));
        REQUIRE(head.has_value());
        CHECK(head->status == 500);
        request.target = "/echo";
        net::StringSink again{1000};
        head = co_await client.exchange(request, again, within(5s));
        REQUIRE(head.has_value());
        CHECK(head->status == 200);
    });
}

TEST_CASE("A stream that fails half-way is seen as incomplete") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, true)};
        net::Request request;
        request.target = "/broken";
        net::StringSink sink{1000};
        auto head = co_await client.exchange(request, sink, within(5s));
        REQUIRE(!head.has_value());
        CHECK(head.error() == net::Errc::cut_short);
        CHECK(sink.text() == "half");
    });
}

TEST_CASE("A client waits no longer than its deadline") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, true)};
        net::Request request;
        request.target = "/slow";
        net::StringSink sink{1000};
        auto head = co_await client.exchange(request, sink, within(60ms));
        REQUIRE(!head.has_value());
        CHECK(head.error() == net::Errc::timeout);
        CHECK(!client.connected());
    });
}

TEST_CASE("A connection that the server closed while idle is replaced silently") {
    Echo echo;
    net::ServerOptions options;
    options.idle_timeout = 1ms;
    with_server(options, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, true)};
        for (int i = 0; i < 2; ++i) {
            net::Request request;
            request.target = "/echo";
            net::StringSink sink{1000};
            auto head = co_await client.exchange(request, sink, within(5s));
            REQUIRE(head.has_value());
            CHECK(head->status == 200);
            while (server.open_connections() > 0) co_await net::sleep_until(net::Clock::now() + 5ms);
            CHECK(client.connected());
        }
    });
    CHECK(echo.requests == 2);
}

TEST_CASE("Broken requests are refused in HTTP's own words") {
    struct Case {
        const char* name;
        std::string sent;
        std::string begins;
    };
    const Case cases[] = {
        {"garbage", "hello\r\n\r\n", "HTTP/1.1 400 "},
        {"large head", "GET / HTTP/1.1\r\nA: " + std::string(5000, 'a') + "\r\n\r\n", "HTTP/1.1 431 "},
        {"large body", "POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'b'),
         "HTTP/1.1 413 "},
        {"pipelined", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 200 OK\r\n"},
        {"old version", "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n"},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            Echo echo;
            net::ServerOptions options;
            options.head_bytes = 4000;
            options.body_bytes = 4000;
            with_server(options, false, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
                const std::string answer = co_await raw_exchange(server, c.sent);
                CHECK(answer.substr(0, c.begins.size()) == c.begins);
                CHECK(answer.find('<') == std::string::npos);
                if (std::string{c.name} == "pipelined") CHECK(echo.requests == 2);
            });
        }
    }
}

TEST_CASE("A client that speaks plain HTTP to the TLS port is told so") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        const std::string answer = co_await raw_exchange(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(answer.substr(0, answer.find('<')) ==
              "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
    });
}

TEST_CASE("Clients that send nothing or half a head are dropped in time") {
    struct Case {
        const char* name;
        std::string sent;
    };
    const Case cases[] = {{"nothing", ""},
                          {"half a head", "GET / HT"},
                          {"half a body", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"}};
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            Echo echo;
            net::ServerOptions options;
            options.idle_timeout = options.head_timeout = options.body_timeout = 60ms;
            with_server(options, false, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
                const std::string answer = co_await raw_exchange(server, c.sent);
                CHECK(answer.empty());
                CHECK(echo.requests == 0);
            });
        }
    }
}

TEST_CASE("Stopping lets the answer in flight end and cuts it after the grace") {
    Echo echo;
    with_server({}, false, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, false)};
        net::TaskGroup group{loop.get_executor()};
        net::Result<net::ResponseHead> head = net::make_error_code(net::Errc::stopped);
        auto ask = [&]() -> net::Task<> {
            net::Request request;
            request.target = "/slow";
            net::StringSink sink{1000};
            head = co_await client.exchange(request, sink, within(8s));
        };
        group.spawn(ask());
        while (echo.requests == 0) co_await net::sleep_until(net::Clock::now() + 1ms);
        server.stop(50ms);
        co_await group.wait();
        REQUIRE(!head.has_value());
        CHECK(head.error() != net::Errc::timeout);
    });
}
