// SPDX-License-Identifier: Apache-2.0
#include "test/net/server_lab.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include <boost/asio/ip/address.hpp>

namespace test {
namespace {

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

}  // namespace

net::Task<net::Result<net::Piece>> Pieces::next(std::string& out) {
    const std::size_t now = std::min<std::size_t>(left_, 50'000);
    out.append(now, 'x');
    left_ -= now;
    co_return left_ > 0 ? net::Piece::more : net::Piece::last;
}

net::Task<net::Response> Echo::respond(net::Request request) {
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

net::KeyPair Pki::issue(const std::string& name, bool server, std::vector<std::string> addresses) const {
    net::CertificateRequest request;
    request.common_name = name;
    request.ip_addresses = std::move(addresses);
    request.server = server;
    request.client = !server;
    return net::issue(authority, request);
}

net::TlsServer Pki::server_tls() const {
    net::TlsServer::Options options;
    options.certificate = serving;
    return net::TlsServer::make(options).value();
}

net::TlsClient Pki::client_tls(bool with_certificate) const {
    net::TlsClient::Options options;
    options.ca_pem = authority.certificate_pem;
    if (with_certificate) options.certificate = client;
    return net::TlsClient::make(options).value();
}

const Pki& pki() {
    static const Pki made;
    return made;
}

void with_server(net::ServerOptions options, bool tls, net::RequestHandler& handler, const ServerPlay& body) {
    with_server(std::move(options), tls ? std::optional{pki().server_tls()} : std::nullopt, handler, body);
}

void with_server(net::ServerOptions options, std::optional<net::TlsServer> tls, net::RequestHandler& handler,
                 const ServerPlay& body) {
    asio::io_context loop{1};
    options.address = "127.0.0.1";
    net::HttpServer server{loop.get_executor(), options, std::move(tls), handler};
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

net::Origin origin_of(const net::HttpServer& server, bool tls, bool with_certificate) {
    net::Origin origin;
    origin.host = "127.0.0.1";
    origin.port = server.port();
    if (tls) origin.tls = pki().client_tls(with_certificate);
    return origin;
}

net::Origin origin_showing(const net::HttpServer& server, std::optional<net::KeyPair> certificate) {
    net::Origin origin = origin_of(server, false);
    net::TlsClient::Options options;
    options.insecure = true;
    options.certificate = std::move(certificate);
    origin.tls = net::TlsClient::make(options).value();
    return origin;
}

std::string Answered::header(std::string_view name) const {
    return std::string{headers.find(name).value_or("")};
}

net::Task<Answered> ask(net::HttpClient& client, net::Request request, std::chrono::milliseconds time) {
    constexpr std::size_t kMost = std::size_t{64} * 1024 * 1024;
    net::StringSink sink{kMost};
    net::ExchangeLimits limits = within(time);
    limits.body_bytes = kMost;
    auto head = co_await client.exchange(request, sink, limits);
    Answered answered;
    if (!head) answered.error = head.error();
    if (head) answered.status = head->status;
    if (head) answered.headers = head->headers;
    answered.body = std::move(sink.text());
    co_return answered;
}

net::Task<Answered> ask(net::HttpClient& client, std::string target, std::chrono::milliseconds time) {
    net::Request request;
    request.target = std::move(target);
    return ask(client, std::move(request), time);
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

}  // namespace test
