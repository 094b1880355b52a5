// SPDX-License-Identifier: Apache-2.0
// What the port for graphs answers: plain HTTP, for whoever reaches it. Nothing of it is shared with the
// secure port: not its budgets, not the number of its requests.
#pragma once

#include "apiserver/graphs/graphs.hpp"
#include "apiserver/prometheus/route.hpp"
#include "apiserver/request/query.hpp"
#include "net/http/server.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace apiserver {

class Prometheus;
class Ui;

struct GraphsListenerOptions {
    // `local`: it listens on loopback only, and a client that calls it by another name is refused: a browser
    // on this machine may be told to ask it. `any`: kube-apiserver's service proxy hands on the Host of its
    // own client, so that no list of names would fit; who reaches the port is the network policy's to say.
    enum class Hosts { any, local } hosts = Hosts::any;
    // The address that is listened on, without a port.
    std::string address;
    // How many requests for graphs are answered at once; a further one gets 503.
    std::size_t requests = 64;
    // Prometheus' HTTP API; null: there are no such paths. Must outlive the listener.
    Prometheus* prometheus = nullptr;
    // The page for browsers; null: there is none. Must outlive the listener.
    Ui* ui = nullptr;
};

class GraphsListener final : public net::RequestHandler {
  public:
    // graphs must outlive it, and it the server that calls it.
    GraphsListener(Graphs& graphs, GraphsListenerOptions options);

    net::Task<net::Response> respond(net::Request request) override;

  private:
    net::Response index() const;
    net::Task<net::Response> serve(const net::Request& request, const Target& target,
                                   std::optional<PrometheusRoute> route);

    Graphs& graphs_;
    GraphsListenerOptions options_;
    // As many pointers to it as requests are being answered, and this one.
    std::shared_ptr<const int> place_ = std::make_shared<const int>(0);
};

}  // namespace apiserver
