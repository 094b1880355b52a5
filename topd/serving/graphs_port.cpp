// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/graphs_port.hpp"

#include "telemetry/log.hpp"
#include "topd/serving/listen_failure.hpp"

#include <stdexcept>
#include <string>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace topd {
namespace {

using Hosts = apiserver::GraphsListenerOptions::Hosts;

// Its own, so that a flood here takes nothing from the secure port. A list of 2,000 pods fits into a path of
// 1 MiB.
net::ServerOptions server_options(const ListenAddress& address) {
    net::ServerOptions options;
    options.address = address.host;
    options.port = address.port;
    options.connections = 256;
    options.request_bytes = std::size_t{4} * 1024 * 1024;
    options.body_bytes = apiserver::kFormBytes;
    return options;
}

// Whether an address can only be reached from this machine.
bool is_loopback(const std::string& address) {
    boost::system::error_code error;
    const auto parsed = boost::asio::ip::make_address(address, error);
    return !error && net::is_loopback(parsed);
}

apiserver::GraphsListenerOptions listener_options(const ListenAddress& address,
                                                  apiserver::Prometheus& prometheus, apiserver::Ui& ui) {
    apiserver::GraphsListenerOptions options;
    options.hosts = is_loopback(address.host) ? Hosts::local : Hosts::any;
    options.address = address.host;
    options.prometheus = &prometheus;
    options.ui = &ui;
    return options;
}

}  // namespace

GraphsPort::GraphsPort(const net::Executor& executor, const ListenAddress& address, apiserver::Graphs& graphs,
                       apiserver::Prometheus& prometheus, apiserver::Ui& ui)
    : address_{address},
      listener_{graphs, listener_options(address, prometheus, ui)},
      server_{executor, server_options(address), std::nullopt, listener_} {}

void GraphsPort::listen() {
    if (const auto listening = server_.listen(); !listening)
        throw std::runtime_error{fmt::format("cannot listen for graphs on {}: {}; see --graphs-address",
                                             shown_address(address_.host, address_.port),
                                             listening.error().message())};
    telemetry::info("Serving graphs over plain HTTP",
                    {{"address", shown_address(address_.host, server_.port())}});
    if (!is_loopback(address_.host))
        telemetry::warning(
            "Whoever reaches this port may read what every pod uses, without authentication; a "
            "NetworkPolicy can say who does (deploy/graphs)",
            {{"flag", "--graphs-address"}});
}

}  // namespace topd
