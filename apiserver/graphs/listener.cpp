// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/listener.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/graphs/host_check.hpp"
#include "apiserver/request/query.hpp"
#include "text/go_text.hpp"

#include <optional>
#include <utility>

namespace apiserver {
namespace {

constexpr std::string_view kIndex =
    "topd: what nodes and pods used, for those who draw graphs.\n"
    "\n"
    "/healthz            whether this port answers\n"
    "/api/v1/dashboard/  as Kubernetes Dashboard's metrics-scraper:\n"
    "                    nodes/NODE/metrics/cpu/usage_rate\n"
    "                    namespaces/NAMESPACE/pod-list/POD,POD/metrics/memory/usage\n"
    "/api/v1/model/      as Heapster's model API:\n"
    "                    nodes, namespaces, namespaces/NAMESPACE/pods, metrics/cpu/usage_rate, ...\n";

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
    if (request.method != "GET" && request.method != "HEAD") co_return not_allowed();
    const std::optional<Target> target = parse_target(request.target);
    if (!target) co_return answer_plain(400, "400 Bad Request: broken escape in the path\n");
    if (target->path == "/") co_return answer_plain(200, std::string{kIndex});
    if (target->path == "/healthz") co_return answer_plain(200, "ok");
    if (place_.use_count() > static_cast<long>(options_.requests)) co_return answer_too_many(503);
    const std::shared_ptr<const int> place = place_;
    std::optional<net::Response> response = co_await graphs_.respond(request, target->path, target->query);
    if (!response) co_return answer_plain(404, "404 page not found\n");
    response->headers.set("X-Content-Type-Options", "nosniff");
    response->held = place;
    co_return std::move(*response);
}

}  // namespace apiserver
