// SPDX-License-Identifier: Apache-2.0
#include "test/sim/simulation_fixture.hpp"

#include <catch2/catch.hpp>

namespace sim {

net::Task<net::Response> Backend::respond(net::Request request) {
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

Cluster::Cluster(SimulationOptions options, bool with_backend) {
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
        loop.executor(), origin_of("127.0.0.1", simulation->api_port(), credentials.authority.certificate_pem,
                                   credentials.admin));
    anybody = std::make_unique<net::HttpClient>(
        loop.executor(),
        origin_of("127.0.0.1", simulation->api_port(), credentials.authority.certificate_pem));
}

Cluster::~Cluster() {
    admin->disconnect();
    anybody->disconnect();
    simulation->stop();
    backend_server.stop(std::chrono::milliseconds{0});
    loop.until_idle();
}

Answer Cluster::get(const std::string& target, const std::string& accept) {
    net::Request request;
    request.target = target;
    request.headers.add("Accept", accept);
    return loop.run(test::ask(*admin, std::move(request), std::chrono::seconds{10}));
}

json Cluster::get_json(const std::string& target) {
    const Answer answer = get(target);
    CAPTURE(target, answer.status);
    return json::parse(answer.body);
}

Answer Cluster::post(const std::string& target, const json& body) {
    net::Request request;
    request.method = "POST";
    request.target = target;
    request.body = body.dump();
    return loop.run(test::ask(*admin, std::move(request), std::chrono::seconds{10}));
}

Answer Cluster::with_token(const std::string& target, const std::string& token) {
    net::Request request;
    request.target = target;
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    return loop.run(test::ask(*anybody, std::move(request), std::chrono::seconds{10}));
}

Answer Cluster::page(const std::string& host) {
    net::HttpClient client{loop.executor(), origin_of(host, simulation->kubelet_port(),
                                                      simulation->credentials().authority.certificate_pem)};
    net::Request request;
    request.target = "/metrics/resource";
    request.headers.add("Authorization", "Bearer " + simulation->credentials().topd_token);
    return loop.run(test::ask(client, std::move(request), std::chrono::seconds{10}));
}

bool Cluster::aggregated() {
    for (int i = 0; i < 100; ++i)
        if (get("/apis/metrics.k8s.io/v1beta1").status == 200 &&
            get("/apis", kDiscovery).body.find("\"resource\":\"nodes\"") != std::string::npos)
            return true;
    return false;
}

net::KeyPair Cluster::backend_pair(const net::KeyPair& authority) {
    net::CertificateRequest request;
    request.dns_names = {"metrics-server.kube-system.svc"};
    request.server = true;
    return net::issue(authority, request);
}

net::ServerOptions Cluster::local() {
    net::ServerOptions options;
    options.address = "127.0.0.1";
    return options;
}

}  // namespace sim
