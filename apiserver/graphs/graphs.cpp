// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/graphs.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/graphs/dashboard.hpp"
#include "apiserver/graphs/model.hpp"
#include "apiserver/graphs/resource_page.hpp"
#include "apiserver/graphs/route.hpp"
#include "apiserver/graphs/served.hpp"
#include "apiserver/routes.hpp"
#include "apiserver/turns/parts.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace apiserver {
namespace {

bool reads(const net::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

net::Response not_allowed() {
    net::Response response = answer_plain(405, "405: Method Not Allowed");
    response.headers.set("Allow", "GET, HEAD");
    return response;
}

bool has_too_many(std::string_view names) {
    return static_cast<std::size_t>(std::count(names.begin(), names.end(), ',')) >= kMostNames;
}

net::Response too_many_names() {
    return answer_plain(400, "more than " + std::to_string(kMostNames) + " names in one list");
}

// go-restful's matchesAccept: a quality is not looked at.
bool takes_json(const net::Request& request) {
    std::string_view accept = request.headers.find("Accept").value_or("");
    if (accept.empty()) return true;
    for (;;) {
        const std::size_t comma = accept.find(',');
        std::string_view type = accept.substr(0, comma);
        type = type.substr(0, type.find(';'));
        type.remove_prefix(std::min(type.find_first_not_of(' '), type.size()));
        type = type.substr(0, type.find_last_not_of(' ') + 1);
        if (type == "*/*" || type == "application/json") return true;
        if (comma == std::string_view::npos) return false;
        accept.remove_prefix(comma + 1);
    }
}

}  // namespace

Graphs::Graphs(const storage::Store& store, const storage::history::History& history, GraphsOptions options)
    : store_{store}, history_{history}, options_{std::move(options)}, compression_{kGzipBytes} {}

net::Task<std::optional<net::Response>> Graphs::respond(const net::Request& request, std::string_view path,
                                                        const Query& query) {
    std::optional<net::Response> response;
    if (is_path_or_below(path, kDashboardRoot))
        response = co_await respond_dashboard(request, path.substr(kDashboardRoot.size()));
    else if (is_path_or_below(path, kModelRoot))
        response = co_await respond_model(request, path.substr(kModelRoot.size()), query);
    else if (options_.exposition && path == kResourcePath)
        response = co_await respond_resource(request);
    co_return response;
}

net::Task<net::Response> Graphs::respond_dashboard(const net::Request& request, std::string_view rest) {
    if (!reads(request)) co_return not_allowed();
    const auto series = dashboard_route(rest);
    if (!series) co_return dashboard_elsewhere(request.target, options_.wall_clock());
    if (has_too_many(series->names)) co_return too_many_names();
    auto parts = dashboard_series(history_, *series, options_.wall_clock());
    // What Go takes JSON for when nobody names its type.
    co_return co_await answer_parts(request, "text/plain; charset=utf-8", std::move(parts), compression_);
}

net::Task<net::Response> Graphs::respond_model(const net::Request& request, std::string_view rest,
                                               const Query& query) {
    const auto route = model_route(rest);
    if (!route) co_return answer_plain(404, "404: Page Not Found");
    if (!reads(request)) co_return not_allowed();
    if (!takes_json(request)) co_return answer_plain(406, "406: Not Acceptable");
    const ModelSources sources{
        store_, history_, options_.stats, options_.monotonic_clock, options_.wall_clock(), options_.objects};
    if (const auto* series = std::get_if<ModelSeries>(&*route))
        co_return answer_series(sources, *series, query);
    if (const auto* metrics = std::get_if<ModelMetrics>(&*route)) co_return answer_metrics(sources, *metrics);
    if (const auto* list = std::get_if<ModelPodList>(&*route)) {
        if (has_too_many(list->names)) co_return too_many_names();
        co_return co_await answer_pod_list(sources, *list, request, query, compression_);
    }
    auto names = served_names(sources, std::get<ModelNames>(*route));
    co_return co_await answer_parts(request, "application/json", std::move(names), compression_);
}

net::Task<net::Response> Graphs::respond_resource(const net::Request& request) {
    if (!reads(request)) co_return not_allowed();
    auto page = resource_page(store_, options_.monotonic_clock, options_.objects);
    co_return co_await answer_parts(request, kResourceType, std::move(page), compression_);
}

}  // namespace apiserver
