// SPDX-License-Identifier: Apache-2.0
#include "test/net/tls/shown_certificate.hpp"

#include "test/net/server_lab.hpp"

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

net::PeerCertificate shown_by(const std::optional<net::KeyPair>& client) {
    Recorder recorder;
    with_server({}, true, recorder, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient caller{loop.get_executor(), origin_showing(server, client)};
        co_await ask(caller, "/");
    });
    return recorder.shown;
}

}  // namespace test
