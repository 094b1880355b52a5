// SPDX-License-Identifier: Apache-2.0
// For the tests of the whole: a simulation with its clients, and a server that stands behind its aggregator.
#pragma once

#include "net/http/server.hpp"
#include "test/net/tls/authority.hpp"
#include "test/sim/simulation.hpp"
#include "test/sim/testing.hpp"

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sim {

using nlohmann::json;

inline constexpr const char* kDiscovery =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

// What stands behind the aggregator: tells what it was asked, and answers as a metrics server would.
class Backend final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override;
    std::vector<net::Request> requests;
};

struct Cluster {
    explicit Cluster(SimulationOptions options = {}, bool with_backend = false);
    ~Cluster();

    Answer get(const std::string& target, const std::string& accept = "application/json");
    json get_json(const std::string& target);
    Answer post(const std::string& target, const json& body);
    Answer with_token(const std::string& target, const std::string& token);
    Answer page(const std::string& host);
    // Until the aggregator has found what is behind it.
    bool aggregated();

    static net::KeyPair backend_pair(const net::KeyPair& authority);
    static net::ServerOptions local();

    TestLoop loop;
    Backend backend;
    net::KeyPair backend_ca = net::make_authority("backend-ca");
    net::HttpServer backend_server{loop.executor(), local(),
                                   net::TlsServer::make({backend_pair(backend_ca)}).value(), backend};
    std::unique_ptr<Simulation> simulation;
    std::unique_ptr<net::HttpClient> admin, anybody;
};

}  // namespace sim
