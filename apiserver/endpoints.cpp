// SPDX-License-Identifier: Apache-2.0
#include "apiserver/endpoints.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/debug/route.hpp"
#include "apiserver/discovery/version.hpp"
#include "apiserver/graphs/graphs.hpp"
#include "apiserver/groups/metrics/metrics_group.hpp"
#include "apiserver/page/ui.hpp"
#include "apiserver/prometheus/prometheus.hpp"
#include "apiserver/representation/negotiate.hpp"
#include "apiserver/status.hpp"

#include <algorithm>
#include <utility>

namespace apiserver {
namespace {

// What the port for graphs has at /api/v1 is below this here: Kubernetes' own role system:discovery lets
// everybody who is known get /api/*, service accounts of all pods too.
constexpr std::string_view kGraphsBase = "/graphs";

std::string_view below_graphs_base(std::string_view path) {
    return path.substr(kGraphsBase.size());
}

// metrics.k8s.io first.
std::vector<std::shared_ptr<Group>> all_groups(std::shared_ptr<Group> metrics,
                                               std::vector<std::shared_ptr<Group>> others) {
    others.insert(others.begin(), std::move(metrics));
    return others;
}

std::vector<GroupInfo> infos_of(const std::vector<std::shared_ptr<Group>>& groups) {
    std::vector<GroupInfo> infos;
    for (const auto& group : groups) infos.push_back(group->info());
    return infos;
}

// What is answered at once, as routes answer.
net::Task<std::optional<net::Response>> at_once(std::optional<net::Response> response) {
    co_return response;
}

net::Response document(const Call& call, const Document& document) {
    if (call.request.method != "GET") return answer_status(method_not_allowed(), call.request, call.query);
    const auto form = choose_form(call.request, call.query);
    if (!form) return answer_status(form.error(), call.request, call.query);
    return answer_document(200, *form, document);
}

}  // namespace

Endpoints::Endpoints(const ApiOptions& options, const storage::Store& store, Compression& compression)
    : has_prometheus_{options.prometheus != nullptr},
      version_{options.version},
      debug_{store, options.debug},
      metrics_{store, compression, options.metrics},
      groups_{all_groups(std::make_shared<MetricsGroup>(metrics_, debug_), options.groups)},
      discovery_{options.server_address, infos_of(groups_)},
      health_{{"healthz", options.healthz}, {"livez", options.livez}, {"readyz", options.readyz}} {
    if (options.page != nullptr) exposition_.emplace(*options.page, options.started);
    add_routes(options);
}

net::Task<net::Response> Endpoints::respond(const Call& call) {
    std::optional<net::Response> response = co_await routes_.respond(call);
    if (!response) response = routes_.index(call.info.path == "/" ? 200 : 404);
    co_return std::move(*response);
}

bool Endpoints::has_own_timeout(std::string_view path) const {
    return has_prometheus_ && path.starts_with(kGraphsBase) && prometheus_route(below_graphs_base(path));
}

RequestSubjects Endpoints::counted() const {
    return {infos_of(groups_), routes_.counted()};
}

void Endpoints::add_routes(const ApiOptions& options) {
    using Counted = Route::Counted;
    for (const HealthEndpoint& endpoint : health_) {
        std::vector<std::string> paths = endpoint.paths();
        const std::string root = paths.front();
        routes_.add({root, std::move(paths), Counted::apart, [&endpoint](const Call& call) {
                         return at_once(endpoint.respond(call.info.path, call.query));
                     }});
    }
    if (debug_.served())
        routes_.add({"/debug", debug_.paths(), Counted::with_others, [this](const Call& call) {
                         const auto page = debug_route(call.info.segments);
                         if (!page) return at_once(std::nullopt);
                         return at_once(debug_.respond(*page, call.request, call.query));
                     }});
    for (const char* root : {"/openapi/v2", "/openapi/v3"})
        routes_.add({root, OpenApiEndpoint::paths(root), Counted::apart, [this](const Call& call) {
                         if (!openapi_) openapi_.emplace(groups_);
                         return at_once(openapi_->respond(call.info.path, call.request, call.query));
                     }});
    // Counted though there may be no such page.
    routes_.add({"/metrics", exposition_ ? std::vector<std::string>{"/metrics"} : std::vector<std::string>{},
                 Counted::apart, [this](const Call& call) {
                     if (!exposition_ || call.info.path != "/metrics") return at_once(std::nullopt);
                     return at_once(exposition_->respond(call.request));
                 }});
    routes_.add({"/version", {"/version"}, Counted::apart, [this](const Call& call) {
                     return at_once(version(call));
                 }});
    if (options.graphs != nullptr)
        for (const std::string_view root : {kDashboardRoot, kModelRoot})
            add_for_graphs(root, *options.graphs);
    if (options.prometheus != nullptr)
        for (const std::string_view root : kPrometheusRoots) add_for_graphs(root, *options.prometheus);
    if (options.ui != nullptr) add_ui(*options.ui);
    for (const auto& group : groups_) add_group(*group);
    routes_.add({"/apis", {"/apis", "/apis/"}, Counted::with_others, [this](const Call& call) {
                     if (!is_with_or_without_slash(call.info.path, "/apis")) return at_once(std::nullopt);
                     return at_once(group_list(call));
                 }});
}

// No resources: RequestInfo names them by their path, as nonResourceURLs do.
template <class Server>
void Endpoints::add_for_graphs(std::string_view root, Server& server) {
    const std::string path = std::string{kGraphsBase}.append(root);
    routes_.add({path, {path}, Route::Counted::with_others, [&server](const Call& call) {
                     return server.respond(call.request, below_graphs_base(call.info.path), call.query);
                 }});
}

void Endpoints::add_ui(Ui& ui) {
    const std::string root{kUiRoot};
    routes_.add({root, {root, root + "/"}, Route::Counted::with_others, [&ui](const Call& call) {
                     return ui.respond(call.request, call.info.path, call.query);
                 }});
}

void Endpoints::add_group(Group& group) {
    const GroupInfo info = group.info();
    const std::string root = "/apis/" + std::string{info.name};
    std::vector<std::string> paths{root};
    for (const std::string_view version : info.versions) paths.push_back(root + "/" + std::string{version});
    routes_.add({root, std::move(paths), Route::Counted::with_others,
                 [this, &group](const Call& call) { return respond_group(group, call); }});
}

// Its documents, and what it serves itself; all else below it is unknown.
net::Task<std::optional<net::Response>> Endpoints::respond_group(Group& group, const Call& call) {
    const GroupInfo info = group.info();
    const auto& segments = call.info.segments;
    const Document* found = nullptr;
    if (segments.size() == 2) found = discovery_.group(info.name);
    if (segments.size() == 3) found = discovery_.resources(info.name, segments[2]);
    if (found != nullptr && segments.size() == 3) {
        const std::vector<NamedSubresource> more = group.more();
        if (!more.empty()) co_return document(call, Discovery::resources(info, segments[2], more));
    }
    if (found != nullptr) co_return document(call, *found);
    const auto version = std::find(info.versions.begin(), info.versions.end(), call.info.version);
    const auto path = resource_path(call.info);
    std::optional<net::Response> response;
    if (path && version != info.versions.end()) {
        GroupCall wanted{*version, *path, call.request, call.query};
        response = co_await group.respond(wanted);
    }
    if (!response) response = answer_status(unknown_path(), call.request, call.query);
    co_return response;
}

net::Response Endpoints::group_list(const Call& call) const {
    if (call.request.method == "GET") {
        const auto form = choose_form(call.request, call.query, {.allows = as_aggregated_discovery});
        if (form) return discovery_.aggregated(call.request, *form);
    }
    return document(call, discovery_.group_list());
}

// Always indented.
net::Response Endpoints::version(const Call& call) const {
    if (!is_with_or_without_slash(call.info.path, "/version"))
        return answer_status(unknown_path(), call.request, call.query);
    if (call.request.method != "GET") return answer_status(method_not_allowed(), call.request, call.query);
    const auto form = choose_form(call.request, call.query, {.json_only = true});
    if (!form) return answer_status(form.error(), call.request, call.query);
    return answer_json(200, version_json(version_), true);
}

}  // namespace apiserver
