// SPDX-License-Identifier: Apache-2.0
// An API server that answers from a script and remembers what it was asked.
#pragma once

#include "kube/config/config.hpp"
#include "net/http/server.hpp"
#include "net/task_group.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

namespace kube::test {

struct Answer {
    enum class End { complete, cut, silent };

    // Sent one by one.
    std::vector<std::string> pieces = {};
    // What happens after the pieces.
    End end = End::complete;
    unsigned status = 200;
    std::string content_type = "application/vnd.kubernetes.protobuf";
    std::vector<std::pair<std::string, std::string>> headers = {};
};

// Of an API server on loopback, without TLS.
Config local_config(std::uint16_t port);

// Each request takes the next answer of the script. The first one that finds none is never answered, and ends
// exhausted(): what came before it has then been taken in by the client.
class FakeApiServer final : public net::RequestHandler {
  public:
    // port 0: any.
    FakeApiServer(net::Executor executor, std::deque<Answer> script, std::uint16_t port = 0,
                  std::optional<net::TlsServer> tls = std::nullopt);

    net::Task<net::Response> respond(net::Request request) override;
    net::Task<> run() { return server_.run(); }
    void stop() { server_.stop(std::chrono::milliseconds{0}); }

    // False when it takes more than 20 s.
    net::Task<bool> exhausted();

    std::uint16_t port() const { return server_.port(); }
    // How to reach it without TLS.
    Config config() const { return local_config(port()); }

    // "GET /api/v1/nodes?..."
    const std::vector<std::string>& targets() const { return targets_; }
    const std::vector<net::Request>& requests() const { return requests_; }

  private:
    std::deque<Answer> script_;
    std::vector<std::string> targets_;
    std::vector<net::Request> requests_;
    bool exhausted_ = false;
    boost::asio::steady_timer changed_;
    net::HttpServer server_;
};

}  // namespace kube::test
