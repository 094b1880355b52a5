// SPDX-License-Identifier: Apache-2.0
// The whole simulated cluster: its kubelets, its API server, and the life in it.
#pragma once

#include "net/task.hpp"
#include "test/sim/cluster/model.hpp"
#include "test/sim/credentials.hpp"
#include "test/sim/kubelet/node_certificates.hpp"
#include "test/sim/kubelet/pages/sampling.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sim {

struct SimulationOptions {
    ModelOptions model;
    Sampling sampling;
    std::size_t chunk_bytes = 0;
    CertificateKind kubelet_certificates = CertificateKind::complete;
    // 0: any free.
    std::uint16_t kubelet_port = 0;
    std::uint16_t api_port = 0;
    // host:port of the server behind metrics.k8s.io; empty: the group is not registered.
    std::string aggregate;
    // In discovery order.
    std::vector<std::string> versions{"v1beta1", "v1"};
    // Authorities, PEM, for the server's certificate; empty: the cluster's own.
    std::string aggregate_ca_pem;
    bool aggregate_insecure = false;
    // The API server knows no protobuf.
    bool api_json_only = false;
    // Pods replaced a second.
    double churn = 0;
    // Changes that a watch can go back.
    std::size_t watch_history = 20'000;
};

// Uses the executor's one thread.
class Simulation {
  public:
    // Makes the cluster and listens on both ports. Throws std::runtime_error when that fails.
    Simulation(net::Executor executor, const SimulationOptions& options);
    ~Simulation();

    // Serves until stop(), and then ends in order.
    net::Task<> run();
    void stop();

    std::uint16_t kubelet_port() const;
    std::uint16_t api_port() const;
    const Credentials& credentials() const;
    Model& model();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sim
