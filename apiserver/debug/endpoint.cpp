// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/endpoint.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/debug/node_list.hpp"
#include "apiserver/debug/pod_page.hpp"
#include "apiserver/encode/encoder.hpp"
#include "apiserver/request/accept.hpp"
#include "text/go_text.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace apiserver {
namespace {

std::optional<DebugForm> form_of(const net::Request& request, const Query& query) {
    const auto format = query.find("format");
    if (format == "table") return DebugForm::table;
    if (format == "json") return DebugForm::json;
    if (format) return std::nullopt;
    const auto clauses = parse_accept(request.headers.find("Accept").value_or(""));
    return !clauses.empty() && clauses.front().type == "text" ? DebugForm::table : DebugForm::json;
}

net::Response ok(DebugForm form) {
    if (form == DebugForm::table) return answer_plain(200, "");
    net::Response response;
    response.headers.set("Content-Type", "application/json");
    return response;
}

}  // namespace

DebugEndpoint::DebugEndpoint(const storage::Store& store, DebugOptions options)
    : store_{store}, options_{std::move(options)} {}

std::vector<std::string> DebugEndpoint::paths() const {
    if (!served()) return {};
    return {"/debug/nodes", "/debug/pods", "/debug/sinks"};
}

Moments DebugEndpoint::now() const {
    return {options_.wall_clock(), options_.monotonic_clock()};
}

net::Response DebugEndpoint::respond(const DebugPage& page, const net::Request& request,
                                     const Query& query) const {
    if (request.method != "GET") return answer_status(method_not_allowed(), request, query);
    const std::optional<DebugForm> form = form_of(request, query);
    if (!form) {
        const std::string message = "format must be json or table, not " + text::quoted(query.get("format"));
        return answer_status(bad_request(message), request, query);
    }
    if (const auto* one = std::get_if<OnePod>(&page.of)) return pod(*one, *form);
    if (std::holds_alternative<AllSinks>(page.of)) return sinks(*form);
    return nodes(*form, query);
}

net::Response DebugEndpoint::nodes(DebugForm form, const Query& query) const {
    net::Response response = ok(form);
    NodeFilter filter{std::string{query.get("node")}, std::string{query.get("state")}};
    response.source = std::make_unique<NodeList>(
        store_, options_.reports, [this] { return now(); }, std::move(filter), form);
    return response;
}

net::Response DebugEndpoint::sinks(DebugForm form) const {
    net::Response response = ok(form);
    const std::vector<SinkState> all = options_.sinks ? options_.sinks() : std::vector<SinkState>{};
    response.body = form == DebugForm::table ? sinks_text(all, now()) : sinks_json(all, now()) + "\n";
    return response;
}

net::Response DebugEndpoint::pod(const OnePod& wanted, DebugForm form) const {
    net::Response response = ok(form);
    const Moments moments = now();
    PodPage page{wanted.name_space, wanted.name, {}, {}, nullptr};
    page.pod = store_.explain_pod(page.name_space, page.name, moments.monotonic);
    if (!page.pod.node.empty()) page.node = node_row(store_, options_.reports, page.pod.node, moments);
    if (options_.applications.applications != nullptr) page.applications = &options_.applications;
    response.body = form == DebugForm::table ? pod_text(page, moments, store_.bound())
                                             : pod_json(page, moments, store_.bound()) + "\n";
    return response;
}

}  // namespace apiserver
