// SPDX-License-Identifier: Apache-2.0
#include "test/kube/fake_api_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kube::test {
namespace {

constexpr std::chrono::hours kForEver{1000};

net::Task<> never() {
    co_await net::sleep_until(net::Clock::now() + kForEver);
}

class ScriptedBody final : public net::BodySource {
  public:
    explicit ScriptedBody(Answer answer) : answer_{std::move(answer)} {}

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        if (sent_ < answer_.pieces.size()) {
            out += answer_.pieces[sent_++];
            co_return net::Piece::more;
        }
        if (answer_.end == Answer::End::silent) co_await never();
        if (answer_.end == Answer::End::cut) co_return net::Errc::cut_short;
        co_return net::Piece::last;
    }

  private:
    Answer answer_;
    std::size_t sent_ = 0;
};

net::ServerOptions options(std::uint16_t port) {
    net::ServerOptions options;
    options.address = "127.0.0.1";
    options.port = port;
    return options;
}

}  // namespace

FakeApiServer::FakeApiServer(net::Executor executor, std::deque<Answer> script, std::uint16_t port,
                             std::optional<net::TlsServer> tls)
    : script_{std::move(script)},
      changed_{executor, net::Clock::now() + std::chrono::seconds{20}},
      server_{executor, options(port), std::move(tls), *this} {
    server_.listen().value();
}

net::Task<net::Response> FakeApiServer::respond(net::Request request) {
    targets_.push_back(request.method + " " + request.target);
    requests_.push_back(std::move(request));
    if (script_.empty()) {
        exhausted_ = true;
        changed_.cancel();
        co_await never();
    }
    Answer answer = std::move(script_.front());
    script_.pop_front();
    net::Response response;
    response.status = answer.status;
    response.headers.add("Content-Type", answer.content_type);
    for (const auto& [name, value] : answer.headers) response.headers.add(name, value);
    response.source = std::make_unique<ScriptedBody>(std::move(answer));
    co_return response;
}

net::Task<bool> FakeApiServer::exhausted() {
    if (!exhausted_) co_await changed_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return exhausted_;
}

Config local_config(std::uint16_t port) {
    Config config;
    config.server.host = "127.0.0.1";
    config.server.port = port;
    return config;
}

}  // namespace kube::test
