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
    net::Task<net::Response> respond(net::Request request) override {
        requests.push_back(request);
        net::Response response;
        response.headers.add("Content-Type", "application/json");
        if (request.target == "/apis") {
            response.headers.set("Content-Type",
                                 "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
            response.body =
                R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"metrics.k8s.io"},"versions":[)"
                R"({"version":"v1beta1","resources":[{"resource":"nodes"}],"freshness":"Current"}]}]})";
        } else {
            response.body = R"({"target":")" + request.target + "\"}";
            if (request.target.ends_with("/big")) response.body.assign(3'000'000, 'x');
        }
        co_return response;
    }
    std::vector<net::Request> requests;
};

struct Cluster {
    explicit Cluster(SimulationOptions options = {}, bool with_backend = false) {
        if (with_backend) {
            REQUIRE(backend_server.listen());
            loop.start(backend_server.run());
            options.aggregate = "127.0.0.1:" + std::to_string(backend_server.port());
            options.aggregate_ca_pem = backend_ca.certificate_pem;
        }
        simulation = std::make_unique<Simulation>(loop.executor(), options);
        loop.start(simulation->run());
        const Credentials& credentials = simulation->credentials();
        admin = std::make_unique<net::HttpClient>(
            loop.executor(), origin_of("127.0.0.1", simulation->api_port(),
                                       credentials.authority.certificate_pem, credentials.admin));
        anybody = std::make_unique<net::HttpClient>(
            loop.executor(),
            origin_of("127.0.0.1", simulation->api_port(), credentials.authority.certificate_pem));
    }
    ~Cluster() {
        admin->disconnect();
        anybody->disconnect();
        simulation->stop();
        backend_server.stop(std::chrono::milliseconds{0});
        loop.until_idle();
    }

    Answer get(const std::string& target, const std::string& accept = "application/json") {
        net::Request request;
        request.target = target;
        request.headers.add("Accept", accept);
        return loop.run(exchange(*admin, std::move(request), std::chrono::seconds{10}));
    }
    json get_json(const std::string& target) {
        const Answer answer = get(target);
        CAPTURE(target, answer.status);
        return json::parse(answer.body);
    }
    Answer post(const std::string& target, const json& body) {
        net::Request request;
        request.method = "POST";
        request.target = target;
        request.body = body.dump();
        return loop.run(exchange(*admin, std::move(request), std::chrono::seconds{10}));
    }
    Answer with_token(const std::string& target, const std::string& token) {
        net::Request request;
        request.target = target;
        if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
        return loop.run(exchange(*anybody, std::move(request), std::chrono::seconds{10}));
    }
    Answer page(const std::string& host) {
        net::HttpClient client{
            loop.executor(),
            origin_of(host, simulation->kubelet_port(), simulation->credentials().authority.certificate_pem)};
        net::Request request;
        request.target = "/metrics/resource";
        request.headers.add("Authorization", "Bearer " + simulation->credentials().topd_token);
        return loop.run(exchange(client, std::move(request), std::chrono::seconds{10}));
    }
    // Until the aggregator has found what is behind it.
    bool aggregated() {
        for (int i = 0; i < 100; ++i)
            if (get("/apis/metrics.k8s.io/v1beta1").status == 200 &&
                get("/apis", kDiscovery).body.find("\"resource\":\"nodes\"") != std::string::npos)
                return true;
        return false;
    }

    static net::KeyPair backend_pair(const net::KeyPair& authority) {
        net::CertificateRequest request;
        request.dns_names = {"metrics-server.kube-system.svc"};
        request.server = true;
        return net::issue(authority, request);
    }
    static net::ServerOptions local() {
        net::ServerOptions options;
        options.address = "127.0.0.1";
        return options;
    }

    TestLoop loop;
    Backend backend;
    net::KeyPair backend_ca = net::make_authority("backend-ca");
    net::HttpServer backend_server{loop.executor(), local(),
                                   net::TlsServer::make({backend_pair(backend_ca)}).value(), backend};
    std::unique_ptr<Simulation> simulation;
    std::unique_ptr<net::HttpClient> admin, anybody;
};

}  // namespace sim
