// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/serving.hpp"

#include "telemetry/log.hpp"
#include "telemetry/process_metrics.hpp"
#include "topd/scrape_reports.hpp"
#include "topd/serving/listen_failure.hpp"
#include "topd/serving/metrics_page.hpp"
#include "topd/settings.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace topd {
namespace {

apiserver::ApiOptions api_options(Parts& parts, Health& health, telemetry::MetricsPage& page) {
    const Flags& flags = parts.flags;
    apiserver::ApiOptions options;
    options.page = &page;
    options.started = static_cast<std::int64_t>(telemetry::process_use().started);
    options.server_address = shown_server_address(flags);
    options.metrics = metrics_options(flags, parts.bounds);
    options.healthz = health.healthz();
    options.livez = health.livez();
    options.readyz = health.readyz();
    options.debug.reports = scrape_reports(parts.scraper);
    if (parts.sinks) options.debug.sinks = [&sinks = *parts.sinks] { return sinks.states(); };
    if (parts.custom_metrics) {
        options.groups.push_back(parts.custom_metrics->group());
        options.debug.applications = parts.custom_metrics->reports();
    }
    options.graphs = parts.graphs ? &*parts.graphs : nullptr;
    options.prometheus = parts.query_api ? &parts.query_api->api() : nullptr;
    options.ui = parts.ui.get();
    options.in_flight.reading = static_cast<std::size_t>(flags.max_requests_inflight);
    options.in_flight.mutating = static_cast<std::size_t>(flags.max_mutating_requests_inflight);
    options.request_timeout = flags.request_timeout;
    options.strict_transport_security =
        fmt::format("{}", fmt::join(flags.strict_transport_security_directives, "; "));
    return options;
}

}  // namespace

Serving::Serving(Parts& all)
    : parts{all},
      health{{parts.store, parts.scraper, *parts.nodes, *parts.pods, parts.flags.metric_resolution,
              2 * parts.flags.metric_resolution + parts.flags.kubelet_request_timeout}},
      access{parts.executor, parts.flags, parts.cluster, parts.bounds},
      api{api_options(parts, health, page), parts.store, access.authenticator(), access.authorizer()} {
    add_families(page, *this);
}

void Serving::make_server(std::optional<double> cpus) {
    if (parts.flags.secure_port == 0) return;
    server.emplace(parts.executor, server_options(parts.flags, parts.bounds, cpus), serving_tls(parts.flags),
                   api);
}

void Serving::make_graphs_port() {
    if (parts.flags.graphs_address.empty()) return;
    graphs_port.emplace(parts.executor, parse_listen_address(parts.flags.graphs_address), *parts.graphs,
                        parts.query_api->api(), *parts.ui);
}

void Serving::listen() {
    if (graphs_port) graphs_port->listen();
    if (!server) return;
    const Flags& flags = parts.flags;
    if (const auto listening = server->listen(); !listening)
        throw std::runtime_error{listen_failure(
            flags.bind_address, static_cast<std::uint16_t>(flags.secure_port), listening.error())};
    telemetry::info("Serving securely on", {{"address", shown_address(flags.bind_address, server->port())}});
}

}  // namespace topd
