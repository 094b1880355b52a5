// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs_port/listener.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/graphs_port/host_check.hpp"
#include "apiserver/page/ui.hpp"
#include "apiserver/prometheus/prometheus.hpp"
#include "apiserver/routes.hpp"
#include "text/go_text.hpp"

#include <optional>
#include <utility>

namespace apiserver {
namespace {

constexpr std::string_view kIndexHead =
    "topd: what nodes and pods used, for those who draw graphs.\n"
    "\n";
constexpr std::string_view kUiIndex = "/ui/                the page for browsers\n";
constexpr std::string_view kPrometheusIndex =
    "/api/v1/query       as Prometheus' HTTP API, and query_range, series, labels, label/NAME/values,\n"
    "                    metadata, status/buildinfo\n";
constexpr std::string_view kIndex =
    "/healthz            whether this port answers\n"
    "/api/v1/dashboard/  as Kubernetes Dashboard's metrics-scraper:\n"
    "                    nodes/NODE/metrics/cpu/usage_rate\n"
    "                    namespaces/NAMESPACE/pod-list/POD,POD/metrics/memory/usage\n"
    "/api/v1/model/      as Heapster's model API:\n"
    "                    nodes, namespaces, namespaces/NAMESPACE/pods, metrics/cpu/usage_rate, ...\n"
    "/metrics/resource   with --graphs-exposition, for Prometheus: that of all kubelets\n";

net::Response not_allowed() {
    net::Response response = answer_plain(405, "405 method not allowed\n");
    response.headers.set("Allow", "GET, HEAD");
    return response;
}

net::Response foreign_host(std::string_view host) {
    return answer_plain(403, "This port is for this machine alone, and is not called " + text::quoted(host) +
                                 ": ask localhost.\n");
}

}  // namespace

GraphsListener::GraphsListener(Graphs& graphs, GraphsListenerOptions options)
    : graphs_{graphs}, options_{std::move(options)} {}

net::Task<net::Response> GraphsListener::respond(net::Request request) {
    const auto host = request.headers.find("Host");
    if (!host && request.version == 11) co_return answer_plain(400, "400 Bad Request: missing Host header\n");
    if (options_.hosts == GraphsListenerOptions::Hosts::local && host &&
        !is_local_host(*host, options_.address))
        co_return foreign_host(*host);
    const std::optional<Target> target = parse_target(request.target);
    if (!target) co_return answer_plain(400, "400 Bad Request: broken escape in the path\n");
    std::optional<PrometheusRoute> route;
    if (options_.prometheus != nullptr) route = prometheus_route(target->path);
    // Those say themselves which methods they take.
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const bool ui = options_.ui != nullptr && is_path_or_below(target->path, kUiRoot);
    if (!route && !ui && !reads) co_return not_allowed();
    if (target->path == "/") co_return index();
    if (target->path == "/healthz") co_return answer_plain(200, "ok");
    co_return co_await serve(request, *target, route);
}

net::Response GraphsListener::index() const {
    std::string text{kIndexHead};
    if (options_.ui != nullptr) text += kUiIndex;
    if (options_.prometheus != nullptr) text += kPrometheusIndex;
    return answer_plain(200, text.append(kIndex));
}

net::Task<net::Response> GraphsListener::serve(const net::Request& request, const Target& target,
                                               std::optional<PrometheusRoute> route) {
    // Who asks for its health is told, whatever else is asked.
    const bool health = route && route->is_health();
    const bool ui = options_.ui != nullptr && is_path_or_below(target.path, kUiRoot);
    if (!health && place_.use_count() > static_cast<long>(options_.requests)) {
        net::Response busy = answer_too_many(503);
        if (ui) Ui::set_policy(busy);
        co_return busy;
    }
    const std::shared_ptr<const int> place = place_;
    std::optional<net::Response> response;
    if (route)
        response = co_await options_.prometheus->respond(request, target.path, target.query);
    else if (ui)
        response = co_await options_.ui->respond(request, target.path, target.query);
    else
        response = co_await graphs_.respond(request, target.path, target.query);
    if (!response) co_return answer_plain(404, "404 page not found\n");
    response->headers.set("X-Content-Type-Options", "nosniff");
    response->held = place;
    co_return std::move(*response);
}

}  // namespace apiserver
