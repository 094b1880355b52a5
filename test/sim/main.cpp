// SPDX-License-Identifier: Apache-2.0
// topd-sim: a simulated cluster on loopback, for the demo, the tests and the benchmark.
#include "test/sim/credentials.hpp"
#include "test/sim/simulation.hpp"

#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace {

namespace asio = boost::asio;

struct Arguments {
    sim::SimulationOptions options;
    std::string directory;
};

void declare(CLI::App& app, Arguments& arguments, std::string& sampling, std::string& ca_file) {
    sim::SimulationOptions& options = arguments.options;
    app.add_option("--nodes", options.model.nodes, "Nodes")
        ->check(CLI::Range(1, 20'000))
        ->capture_default_str();
    app.add_option("--pods", options.model.pods_per_node, "Pods on each node")
        ->check(CLI::Range(1, 250))
        ->capture_default_str();
    app.add_option("--containers", options.model.containers,
                   "Containers in each pod, on average (0: mostly one, some two or three)")
        ->check(CLI::Range(0.0, 20.0));
    app.add_option("--seed", options.model.seed, "The cluster follows from it")->capture_default_str();
    app.add_option_function<std::int64_t>(
           "--made", [&options](std::int64_t seconds) { options.model.made = seconds * sim::kSecond; },
           "The cluster is that of topd-sim-past with the same time (Unix seconds; else it is made now)")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 33));
    app.add_option("--applications", options.model.applications,
                   "Pods that are annotated to be scraped, at 127.128.0.1 and up, where others may serve")
        ->check(CLI::Range(0, 1'000'000));
    app.add_option("--applications-port", options.model.applications_port, "The port in their annotations");
    app.add_option("--churn", options.churn, "Pods replaced a second")->check(CLI::Range(0.0, 10'000.0));
    app.add_option("--sampling", sampling, "When kubelets sample: cadvisor, cri or fixed:<time>")
        ->capture_default_str();
    app.add_option("--chunk-bytes", options.chunk_bytes,
                   "Pages are sent in chunks of so many bytes (0: whole)");
    const std::map<std::string, sim::CertificateKind> kinds{
        {"complete", sim::CertificateKind::complete},
        {"without-address", sim::CertificateKind::without_address},
        {"self-signed", sim::CertificateKind::self_signed}};
    app.add_option("--kubelet-certificates", options.kubelet_certificates,
                   "By the cluster's authority and complete, the same without-address, or self-signed")
        ->transform(CLI::CheckedTransformer(kinds));
    app.add_option("--kubelet-port", options.kubelet_port, "Port of all kubelets (0: any free)");
    app.add_option("--api-port", options.api_port, "Port of the API server (0: any free)");
    app.add_flag("--api-json-only", options.api_json_only, "The API server gives objects in JSON alone");
    app.add_option("--aggregate", options.aggregate, "host:port of the server behind metrics.k8s.io");
    app.add_option("--aggregate-versions", options.versions,
                   "Versions of metrics.k8s.io, the preferred one first")
        ->delimiter(',');
    app.add_option("--aggregate-ca", ca_file, "CA of that server's certificate (else the cluster's)");
    app.add_flag("--aggregate-insecure", options.aggregate_insecure,
                 "Do not verify that server's certificate");
    app.add_option("--watch-history", options.watch_history, "Changes that a watch can go back")
        ->capture_default_str();
    app.add_option("--dir", arguments.directory, "Where credentials and kubeconfigs are written")->required();
}

std::string read_file(const std::string& path) {
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw std::runtime_error{"cannot read " + path};
    return text.str();
}

net::Task<> serve(sim::Simulation& simulation) {
    co_await simulation.run();
}

int run(const Arguments& arguments) {
    asio::io_context loop{1};
    sim::Simulation simulation{loop.get_executor(), arguments.options};
    sim::write_credentials(simulation.credentials(), arguments.directory, simulation.api_port());

    asio::signal_set signals{loop, SIGTERM, SIGINT};
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) simulation.stop();
    });
    std::exception_ptr failure;
    asio::co_spawn(loop, serve(simulation), [&](std::exception_ptr thrown) {
        failure = std::move(thrown);
        signals.cancel();
    });
    std::cout << "ready kubeconfig=" << arguments.directory
              << "/admin.kubeconfig topd-kubeconfig=" << arguments.directory
              << "/topd.kubeconfig api=127.0.0.1:" << simulation.api_port()
              << " kubelet-port=" << simulation.kubelet_port() << std::endl;
    loop.run();
    if (failure) std::rethrow_exception(failure);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    // A client that goes away in the middle of an answer is no reason to end.
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app{"A simulated Kubernetes cluster on loopback."};
    Arguments arguments;
    std::string sampling = "cadvisor", ca_file;
    declare(app, arguments, sampling, ca_file);
    CLI11_PARSE(app, argc, argv);
    try {
        const auto parsed = sim::Sampling::parse(sampling);
        if (!parsed) throw std::runtime_error{"--sampling is cadvisor, cri or fixed:<time>, not " + sampling};
        arguments.options.sampling = *parsed;
        if (!ca_file.empty()) arguments.options.aggregate_ca_pem = read_file(ca_file);
        return run(arguments);
    } catch (const std::exception& error) {
        std::cerr << "topd-sim: " << error.what() << '\n';
        return 1;
    }
}
