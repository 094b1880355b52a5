// SPDX-License-Identifier: Apache-2.0
// What clients meet: who they are and what they may, the API, its health and metrics, and the ports.
#pragma once

#include "apiserver/api.hpp"
#include "net/http/server.hpp"
#include "telemetry/metrics.hpp"
#include "topd/credentials/serving_certificate.hpp"
#include "topd/parts.hpp"
#include "topd/serving/access.hpp"
#include "topd/serving/graphs_port.hpp"
#include "topd/serving/health.hpp"

#include <optional>

namespace topd {

struct Serving {
    // The API, without a port yet. The parts must outlive it. Throws std::runtime_error as they do.
    explicit Serving(Parts& parts);
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

    // --secure-port, unless it is 0. cpus: the CPU limit, if there is one.
    void make_server(std::optional<double> cpus);
    // --graphs-address, if it is set.
    void make_graphs_port();
    // Binds the ports that there are. Throws std::runtime_error.
    void listen();

    Parts& parts;
    // In the order of use: each refers to those above it.
    Health health;
    Access access;
    telemetry::MetricsPage page;
    apiserver::Api api;
    std::optional<net::HttpServer> server;
    std::optional<GraphsPort> graphs_port;
    // The server's; made by who follows its files.
    std::optional<ServingCertificate> certificate;
};

}  // namespace topd
