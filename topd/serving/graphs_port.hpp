// SPDX-License-Identifier: Apache-2.0
// The APIs that draw graphs, and the port for them alone (--graphs-address).
#pragma once

#include "apiserver/graphs/graphs.hpp"
#include "apiserver/graphs_port/listener.hpp"
#include "apiserver/page/ui.hpp"
#include "apiserver/prometheus/prometheus.hpp"
#include "net/http/server.hpp"
#include "net/task.hpp"
#include "topd/flags/flag_values.hpp"

#include <chrono>

namespace topd {

class GraphsPort {
  public:
    // What it serves must outlive it.
    GraphsPort(const net::Executor& executor, const ListenAddress& address, apiserver::Graphs& graphs,
               apiserver::Prometheus& prometheus, apiserver::Ui& ui);

    // Binds the port, and warns when it can be reached from outside. Throws std::runtime_error.
    void listen();
    net::Task<> run() { return server_.run(); }
    void stop(std::chrono::milliseconds grace) { server_.stop(grace); }

  private:
    ListenAddress address_;
    apiserver::GraphsListener listener_;
    net::HttpServer server_;
};

}  // namespace topd
