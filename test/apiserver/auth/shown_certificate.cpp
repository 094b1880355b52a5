// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/auth/shown_certificate.hpp"

#include "net/http/client.hpp"
#include "net/http/server.hpp"
#include "net/task_group.hpp"
#include "test/net/run.hpp"
#include "test/net/tls/authority.hpp"

#include <stdexcept>

namespace test {
namespace {

class Recorder final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override {
        shown = request.certificate;
        co_return net::Response{};
    }
    net::PeerCertificate shown;
};

}  // namespace

net::KeyPair client_certificate(const net::KeyPair& authority, const std::string& common_name,
                                const std::vector<std::string>& organizations) {
    net::CertificateRequest request;
    request.common_name = common_name;
    request.organizations = organizations;
    request.client = true;
    return net::issue(authority, request);
}

net::PeerCertificate shown_by(const net::KeyPair& client) {
    boost::asio::io_context loop{1};
    Recorder recorder;
    net::TlsServer::Options serving;
    serving.certificate = net::make_self_signed({});
    net::ServerOptions options;
    options.address = "127.0.0.1";
    net::HttpServer server{loop.get_executor(), options, net::TlsServer::make(serving).value(), recorder};
    if (!server.listen()) throw std::runtime_error{"cannot listen"};
    net::TlsClient::Options calling;
    calling.insecure = true;
    calling.certificate = client;
    net::Origin origin;
    origin.host = "127.0.0.1";
    origin.port = server.port();
    origin.tls = net::TlsClient::make(calling).value();
    net::TaskGroup group{loop.get_executor()};
    group.spawn(server.run());
    auto play = [&]() -> net::Task<> {
        net::HttpClient caller{loop.get_executor(), origin};
        net::Request request;
        net::StringSink sink{1000};
        net::ExchangeLimits limits;
        limits.deadline = net::Clock::now() + std::chrono::seconds{5};
        co_await caller.exchange(request, sink, limits);
        server.stop();
        co_await group.wait();
    };
    run(loop, play());
    return recorder.shown;
}

}  // namespace test
