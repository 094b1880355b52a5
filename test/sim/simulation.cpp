// SPDX-License-Identifier: Apache-2.0
#include "test/sim/simulation.hpp"

#include "net/http/server.hpp"
#include "net/task_group.hpp"
#include "test/sim/api/kube_api.hpp"
#include "test/sim/cluster/seed.hpp"
#include "test/sim/control.hpp"
#include "test/sim/kubelet/node_certificates.hpp"

#include <charconv>
#include <stdexcept>

namespace sim {
namespace {

// How often what is due in the model happens.
constexpr std::chrono::milliseconds kTick{100};
// A new pod is pending for so long.
constexpr Nanos kPending = 3 * kSecond / 2;
constexpr std::chrono::seconds kGrace{2};

template <class T>
T must(net::Result<T> result, const char* what) {
    if (!result) throw std::runtime_error{std::string{what} + ": " + result.error().message()};
    return std::move(*result);
}

net::ServerOptions kubelet_listener(const SimulationOptions& options) {
    net::ServerOptions server;
    server.address = "0.0.0.0";
    server.loopback_only = true;
    server.port = options.kubelet_port;
    server.connections = 2 * std::size_t{options.model.nodes} + 256;
    server.backlog = 4096;
    // Each kubelet of a cluster has a processor of its own for its handshakes.
    server.handshake_share = 1;
    return server;
}

net::ServerOptions api_listener(const SimulationOptions& options) {
    net::ServerOptions server;
    // A watch is one answer, and ends by its own timeoutSeconds.
    server.write_timeout = std::chrono::hours{1};
    server.address = "127.0.0.1";
    server.port = options.api_port;
    return server;
}

AggregatorOptions aggregator_options(const SimulationOptions& options, const Credentials& credentials) {
    AggregatorOptions result;
    if (options.aggregate.empty()) return result;
    const std::size_t colon = options.aggregate.rfind(':');
    const std::string_view port =
        std::string_view{options.aggregate}.substr(colon == std::string::npos ? 0 : colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), result.server.port);
    if (colon == std::string::npos || error != std::errc{} || end != port.data() + port.size())
        throw std::runtime_error{"not host:port: " + options.aggregate};
    result.server.host = options.aggregate.substr(0, colon);
    result.server.server_name = "metrics-server.kube-system.svc";
    net::TlsClient::Options tls;
    tls.insecure = options.aggregate_insecure;
    if (!tls.insecure)
        tls.ca_pem = options.aggregate_ca_pem.empty() ? credentials.authority.certificate_pem
                                                      : options.aggregate_ca_pem;
    tls.certificate = credentials.front_proxy_client;
    result.server.tls = must(net::TlsClient::make(tls), "the aggregator's certificates");
    result.versions = options.versions;
    return result;
}

// The delegated authentication's configuration, as kube-apiserver publishes it.
Labels authentication_config(const Credentials& credentials) {
    return {{"client-ca-file", credentials.authority.certificate_pem},
            {"requestheader-allowed-names", "[\"front-proxy-client\"]"},
            {"requestheader-client-ca-file", credentials.front_proxy_authority.certificate_pem},
            {"requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]"},
            {"requestheader-group-headers", "[\"X-Remote-Group\"]"},
            {"requestheader-uid-headers", "[\"X-Remote-Uid\"]"},
            {"requestheader-username-headers", "[\"X-Remote-User\"]"}};
}

Authenticator make_authenticator(const Credentials& credentials) {
    Authenticator authenticator{
        must(net::TrustPool::from_pem(credentials.authority.certificate_pem), "the cluster CA")};
    authenticator.add_token(credentials.topd_token,
                            {"system:serviceaccount:kube-system:metrics-server",
                             "a2f1c5de-9f3a-4f0e-8c1b-4b6a2f6c7d10",
                             {"system:serviceaccounts", "system:serviceaccounts:kube-system"}});
    authenticator.add_token(credentials.other_token,
                            {"system:serviceaccount:default:default",
                             "0c8e4a7b-55d2-4f4b-b1a5-2f1d6ea3b921",
                             {"system:serviceaccounts", "system:serviceaccounts:default"}});
    return authenticator;
}

}  // namespace

struct Simulation::Impl {
    Impl(net::Executor executor, const SimulationOptions& options);
    net::Task<> live();
    void replace_one(Nanos now);

    net::Executor executor;
    SimulationOptions options;
    Nanos started = now_nanos();
    Credentials credentials;
    Model model;
    Kubelets kubelets;
    NodeCertificates node_certificates;
    net::HttpServer kubelet_server;
    Authenticator authenticator;
    Reviews reviews{authenticator};
    // After the kubelets listen: nodes tell the port.
    std::unique_ptr<CoreObjects> objects;
    std::unique_ptr<Control> control;
    Aggregator aggregator;
    std::unique_ptr<KubeApi> api;
    std::unique_ptr<net::HttpServer> api_server;
    std::uint64_t replaced = 0;
};

Simulation::Impl::Impl(net::Executor e, const SimulationOptions& o)
    : executor{e},
      options{o},
      credentials{make_credentials(o.model.seed)},
      model{o.model, started},
      kubelets{model,
               {o.sampling, o.model.seed, credentials.topd_token, credentials.other_token, o.chunk_bytes},
               started},
      node_certificates{model.nodes(), credentials.authority, o.kubelet_certificates},
      kubelet_server{e, kubelet_listener(o),
                     must(node_certificates.make_server(), "the kubelets' certificate"), kubelets},
      authenticator{make_authenticator(credentials)},
      aggregator{e, aggregator_options(o, credentials)} {
    if (const auto bound = kubelet_server.listen(); !bound)
        throw std::runtime_error{"the kubelets cannot listen: " + bound.error().message()};
    objects = std::make_unique<CoreObjects>(model, kubelet_server.port(), o.watch_history, started);
    objects->add_config_map("kube-system", "extension-apiserver-authentication",
                            authentication_config(credentials), started);
    control = std::make_unique<Control>(model, kubelets, *objects, reviews);
    api = std::make_unique<KubeApi>(*objects, authenticator, reviews, aggregator, *control,
                                    o.api_json_only ? Spoken::json : Spoken::protobuf_and_json);
    auto tls = net::TlsServer::make({credentials.api_server});
    api_server = std::make_unique<net::HttpServer>(
        e, api_listener(o), must(std::move(tls), "the API server's certificate"), *api);
    if (const auto bound = api_server->listen(); !bound)
        throw std::runtime_error{"the API server cannot listen: " + bound.error().message()};
    control->count(kubelet_server, *api_server);
}

// Replaces a pod of a Deployment by a new one on the same node.
void Simulation::Impl::replace_one(Nanos now) {
    for (int attempt = 0; attempt < 20; ++attempt) {
        const std::uint64_t choice = mix(mix(options.model.seed, 73), ++replaced);
        const Node& node = model.nodes()[choice % model.nodes().size()];
        if (node.pods.empty()) continue;
        const std::shared_ptr<Pod> pod = node.pods[mix(choice) % node.pods.size()];
        if (pod->workload->kind != Workload::Kind::deployment || pod->removed != kNever) continue;
        model.remove({pod->name_space, pod->name}, now);
        model.replace(*pod, node.index, now, now + kPending);
        return;
    }
}

net::Task<> Simulation::Impl::live() {
    double due = 0;
    for (auto tick = net::Clock::now();; tick += kTick) {
        co_await net::sleep_until(tick);
        const Nanos now = now_nanos();
        model.advance(now);
        due += options.churn * std::chrono::duration<double>(kTick).count();
        for (; due >= 1; --due) replace_one(now);
    }
}

Simulation::Simulation(net::Executor executor, const SimulationOptions& options)
    : impl_{std::make_unique<Impl>(std::move(executor), options)} {}
Simulation::~Simulation() = default;

net::Task<> Simulation::run() {
    net::TaskGroup background{impl_->executor};
    background.spawn(impl_->live());
    background.spawn(impl_->aggregator.run());
    net::TaskGroup servers{impl_->executor};
    servers.spawn(impl_->kubelet_server.run());
    servers.spawn(impl_->api_server->run());
    co_await servers.wait();
    background.cancel();
    co_await background.wait();
    co_await impl_->aggregator.finish();
}

void Simulation::stop() {
    impl_->objects->close();
    impl_->kubelet_server.stop(kGrace);
    impl_->api_server->stop(kGrace);
}

std::uint16_t Simulation::kubelet_port() const {
    return impl_->kubelet_server.port();
}
std::uint16_t Simulation::api_port() const {
    return impl_->api_server->port();
}
const Credentials& Simulation::credentials() const {
    return impl_->credentials;
}
Model& Simulation::model() {
    return impl_->model;
}

}  // namespace sim
