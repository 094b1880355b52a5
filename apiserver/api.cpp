// SPDX-License-Identifier: Apache-2.0
#include "apiserver/api.hpp"

#include "apiserver/access.hpp"
#include "apiserver/answer.hpp"
#include "apiserver/auth/impersonation.hpp"
#include "apiserver/auth/wanted_user.hpp"
#include "apiserver/compression/compression.hpp"
#include "apiserver/debug/endpoint.hpp"
#include "apiserver/debug/route.hpp"
#include "apiserver/discovery/discovery.hpp"
#include "apiserver/discovery/version.hpp"
#include "apiserver/exposition/exposition.hpp"
#include "apiserver/exposition/request_metrics.hpp"
#include "apiserver/graphs/graphs.hpp"
#include "apiserver/groups/metrics/metrics_api.hpp"
#include "apiserver/groups/metrics/metrics_group.hpp"
#include "apiserver/health.hpp"
#include "apiserver/in_flight.hpp"
#include "apiserver/openapi/endpoint.hpp"
#include "apiserver/page/ui.hpp"
#include "apiserver/prometheus/prometheus.hpp"
#include "apiserver/representation/negotiate.hpp"
#include "apiserver/request/request_info.hpp"
#include "apiserver/request_deadline.hpp"
#include "apiserver/routes.hpp"
#include "apiserver/status.hpp"
#include "apiserver/termination.hpp"
#include "net/http/server.hpp"
#include "storage/store.hpp"
#include "text/go_text.hpp"
#include "version/version.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

namespace apiserver {
namespace {

// What the port for graphs has at /api/v1 is below this here: Kubernetes' own role system:discovery lets
// everybody who is known get /api/*, service accounts of all pods too.
constexpr std::string_view kGraphsBase = "/graphs";

std::string_view below_graphs_base(const Call& call) {
    return std::string_view{call.info.path}.substr(kGraphsBase.size());
}

// A longer one is not echoed.
constexpr std::size_t kMaxAuditId = 256;

// Go's http.Server answers a request line it cannot read so.
net::Response bad_target() {
    net::Response response = answer_text(400, "400 Bad Request");
    response.close = true;
    return response;
}

net::Response path_too_long() {
    net::Response response = answer_text(414, "414 Request-URI Too Long");
    response.close = true;
    return response;
}

net::Response internal_error(const net::Request& request, std::string_view why) {
    const std::string text =
        "Internal Server Error: " + text::quoted(request.target) + ": " + std::string{why};
    return answer_plain(500, text::html_escaped(text) + "\n");
}

net::Response with_nosniff(net::Response response) {
    response.headers.set("X-Content-Type-Options", "nosniff");
    return response;
}

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

using Answer = std::optional<net::Response>;

// What is answered at once, as routes answer.
net::Task<Answer> at_once(Answer response) {
    co_return response;
}

}  // namespace

struct Api::Impl {
    Impl(ApiOptions options, const storage::Store& store, Authenticator& authenticator,
         Authorizer& authorizer);

    net::Task<net::Response> respond(net::Request request);
    void write_metrics(telemetry::MetricsText& text);

    net::Task<net::Response> filter(const net::Request& request, RequestMetrics::Measure& measure);
    net::Task<net::Response> identify(const Call& call, InFlight::Place& place);
    net::Task<net::Response> permit(const Call& call, User user, InFlight::Place& place);
    net::Task<net::Response> route(const Call& call);
    void add_routes();
    void add_graphs();
    void add_prometheus();
    void add_ui();
    Route group_route(Group& group);
    net::Task<std::optional<net::Response>> respond_group(Group& group, const Call& call);
    net::Response document(const Call& call, const Document& document) const;
    net::Response group_list(const Call& call) const;
    net::Response version(const Call& call) const;
    std::string new_audit_id();

    std::optional<Exposition> exposition_;
    Graphs* graphs_;
    Prometheus* prometheus_;
    Ui* ui_;
    Authenticator& authenticator_;
    Authorizer& authorizer_;
    Impersonator impersonator_;
    Termination termination_;
    InFlight in_flight_;
    std::chrono::nanoseconds request_timeout_;
    std::string strict_transport_security_;
    std::function<net::Clock::time_point()> clock_;
    std::string version_;
    DebugEndpoint debug_;
    Compression compression_;
    MetricsApi metrics_;
    std::vector<std::shared_ptr<Group>> groups_;
    Discovery discovery_;
    // Made when it is first asked for.
    std::optional<OpenApiEndpoint> openapi_;
    HealthEndpoint health_[3];
    Routes routes_;
    // Set by the constructor: it needs the routes.
    std::optional<RequestMetrics> requests_;
    // Audit ids need to be unique, not secret.
    std::mt19937_64 random_{std::random_device{}()};
};

Api::Impl::Impl(ApiOptions options, const storage::Store& store, Authenticator& authenticator,
                Authorizer& authorizer)
    : graphs_{options.graphs},
      prometheus_{options.prometheus},
      ui_{options.ui},
      authenticator_{authenticator},
      authorizer_{authorizer},
      impersonator_{authorizer},
      in_flight_{options.in_flight},
      request_timeout_{options.request_timeout},
      strict_transport_security_{std::move(options.strict_transport_security)},
      clock_{std::move(options.clock)},
      version_{std::move(options.version)},
      debug_{store, std::move(options.debug)},
      compression_{options.metrics.gzip_bytes},
      metrics_{store, compression_, options.metrics},
      groups_{all_groups(std::make_shared<MetricsGroup>(metrics_, debug_), std::move(options.groups))},
      discovery_{options.server_address, infos_of(groups_)},
      health_{{"healthz", std::move(options.healthz)},
              {"livez", std::move(options.livez)},
              {"readyz", std::move(options.readyz)}} {
    if (options.page != nullptr) exposition_.emplace(*options.page, options.started);
    add_routes();
    requests_.emplace(RequestSubjects{infos_of(groups_), routes_.counted()},
                      std::move(options.metrics.monotonic_clock));
}

net::Task<net::Response> Api::Impl::respond(net::Request request) {
    RequestMetrics::Measure measure{*requests_};
    net::Response response = co_await filter(request, measure);
    compression_.compress_object(request, response);
    const std::string_view given = request.headers.find("Audit-Id").value_or("");
    const bool echo = !given.empty() && given.size() <= kMaxAuditId;
    response.headers.set("Audit-Id", echo ? std::string{given} : new_audit_id());
    if (!response.headers.contains("Cache-Control"))
        response.headers.set("Cache-Control", "no-cache, private");
    if (!strict_transport_security_.empty())
        response.headers.set("Strict-Transport-Security", strict_transport_security_);
    RequestMetrics::Measure::answered(std::move(measure), response);
    co_return response;
}

void Api::Impl::write_metrics(telemetry::MetricsText& text) {
    requests_->write(text);
    metrics_.write_freshness(text);
}

net::Task<net::Response> Api::Impl::filter(const net::Request& request, RequestMetrics::Measure& measure) {
    const std::optional<Target> target = parse_target(request.target);
    if (!target) co_return bad_target();
    if (target->path.size() > kMaxPath) co_return path_too_long();
    const Query& query = target->query;
    const auto info = make_request_info(request.method, *target);
    if (!info) co_return internal_error(request, "failed to create RequestInfo: " + info.error().text);
    measure.about(request.method, *info);
    auto refusal = termination_.refusal(request, info->path);
    if (refusal) co_return std::move(*refusal);
    const bool timed = request.received_at != net::Clock::time_point{};
    // Prometheus' API reads a ?timeout of its own, which may be a bare number of seconds.
    const Query none;
    const bool theirs = prometheus_ != nullptr && info->path.starts_with(kGraphsBase) &&
                        prometheus_route(std::string_view{info->path}.substr(kGraphsBase.size()));
    const auto deadline = request_deadline(*info, theirs ? none : query,
                                           timed ? request.received_at : clock_(), request_timeout_);
    if (!deadline) co_return answer_status(bad_request(deadline.error().text), request, query);

    const std::shared_ptr<InFlight::Place> place = in_flight_.enter();
    const Call call{request, query, *info, *deadline, measure};
    net::Response response = co_await identify(call, *place);
    // Too late is as never.
    if (clock_() >= *deadline)
        response = answer_timeout();
    else
        response.send_by = *deadline;
    response.held = place;
    co_return response;
}

net::Task<net::Response> Api::Impl::identify(const Call& call, InFlight::Place& place) {
    AuthResult identity = co_await authenticator_.authenticate(call.request, call.deadline);
    call.measure.authenticated(identity);
    net::Response response;
    switch (identity.verdict) {
        case AuthResult::Verdict::not_ready:
            response = answer_status(not_ready(), call.request, call.query);
            break;
        case AuthResult::Verdict::refused:
            response = answer_status(unauthorized(), call.request, call.query);
            break;
        case AuthResult::Verdict::busy:
            response = answer_too_many();
            break;
        case AuthResult::Verdict::accepted:
            response = co_await permit(call, std::move(identity.user), place);
    }
    if (!identity.warning.empty()) response.headers.add("Warning", "299 - " + text::quoted(identity.warning));
    co_return response;
}

net::Task<net::Response> Api::Impl::permit(const Call& call, User user, InFlight::Place& place) {
    const auto wanted = wanted_user(call.request.headers);
    if (!wanted)
        co_return with_nosniff(answer_status(bad_request(wanted.error().text), call.request, call.query));
    if (*wanted) {
        auto acting = co_await impersonator_.impersonate(**wanted, user, call.info, call.deadline);
        if (!acting) co_return with_nosniff(answer_status(acting.error(), call.request, call.query));
        user = std::move(*acting);
    }
    if (!place.admit(user, call.info)) co_return answer_too_many();
    const Decision decision = co_await authorizer_.authorize(user, call.info, call.deadline);
    call.measure.authorized(decision);
    if (decision.verdict == Decision::Verdict::busy) co_return answer_too_many();
    if (decision.verdict == Decision::Verdict::failed)
        co_return internal_error(call.request, decision.reason);
    if (decision.verdict == Decision::Verdict::denied)
        co_return with_nosniff(
            answer_status(forbidden(user, call.info, decision.reason), call.request, call.query));
    net::Response response = co_await route(call);
    response.client_proven = user.name != kAnonymous;
    co_return response;
}

net::Task<net::Response> Api::Impl::route(const Call& call) {
    std::optional<net::Response> response = co_await routes_.respond(call);
    if (!response) response = routes_.index(call.info.path == "/" ? 200 : 404);
    co_return std::move(*response);
}

void Api::Impl::add_routes() {
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
    if (graphs_ != nullptr) add_graphs();
    if (prometheus_ != nullptr) add_prometheus();
    if (ui_ != nullptr) add_ui();
    for (const auto& group : groups_) routes_.add(group_route(*group));
    routes_.add({"/apis", {"/apis", "/apis/"}, Counted::with_others, [this](const Call& call) {
                     if (!is_with_or_without_slash(call.info.path, "/apis")) return at_once(std::nullopt);
                     return at_once(group_list(call));
                 }});
}

// No resources: RequestInfo names them by their path, as nonResourceURLs do.
void Api::Impl::add_graphs() {
    for (const std::string_view root : {kDashboardRoot, kModelRoot}) {
        const std::string path = std::string{kGraphsBase}.append(root);
        routes_.add({path, {path}, Route::Counted::with_others, [this](const Call& call) {
                         return graphs_->respond(call.request, below_graphs_base(call), call.query);
                     }});
    }
}

void Api::Impl::add_prometheus() {
    for (const std::string_view root : kPrometheusRoots) {
        const std::string path = std::string{kGraphsBase}.append(root);
        routes_.add({path, {path}, Route::Counted::with_others, [this](const Call& call) {
                         return prometheus_->respond(call.request, below_graphs_base(call), call.query);
                     }});
    }
}

void Api::Impl::add_ui() {
    const std::string root{kUiRoot};
    routes_.add({root, {root, root + "/"}, Route::Counted::with_others, [this](const Call& call) {
                     return ui_->respond(call.request, call.info.path, call.query);
                 }});
}

Route Api::Impl::group_route(Group& group) {
    const GroupInfo info = group.info();
    const std::string root = "/apis/" + std::string{info.name};
    std::vector<std::string> paths{root};
    for (const std::string_view version : info.versions) paths.push_back(root + "/" + std::string{version});
    return {root, std::move(paths), Route::Counted::with_others,
            [this, &group](const Call& call) { return respond_group(group, call); }};
}

// Its documents, and what it serves itself; all else below it is unknown.
net::Task<std::optional<net::Response>> Api::Impl::respond_group(Group& group, const Call& call) {
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

net::Response Api::Impl::document(const Call& call, const Document& document) const {
    if (call.request.method != "GET") return answer_status(method_not_allowed(), call.request, call.query);
    const auto form = choose_form(call.request, call.query);
    if (!form) return answer_status(form.error(), call.request, call.query);
    return answer_document(200, *form, document);
}

net::Response Api::Impl::group_list(const Call& call) const {
    if (call.request.method == "GET") {
        const auto form = choose_form(call.request, call.query, {.allows = as_aggregated_discovery});
        if (form) return discovery_.aggregated(call.request, *form);
    }
    return document(call, discovery_.group_list());
}

// Always indented.
net::Response Api::Impl::version(const Call& call) const {
    if (!is_with_or_without_slash(call.info.path, "/version"))
        return answer_status(unknown_path(), call.request, call.query);
    if (call.request.method != "GET") return answer_status(method_not_allowed(), call.request, call.query);
    const auto form = choose_form(call.request, call.query, {.json_only = true});
    if (!form) return answer_status(form.error(), call.request, call.query);
    return answer_json(200, version_json(version_), true);
}

// A version 4 UUID.
std::string Api::Impl::new_audit_id() {
    const std::uint64_t words[] = {random_(), random_()};
    std::string id = "xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx";
    unsigned digit = 0;
    for (char& c : id) {
        if (c != 'x') continue;
        c = "0123456789abcdef"[(words[digit / 16] >> (digit % 16 * 4)) & 0xf];
        ++digit;
    }
    // The variant is 10 in binary.
    id[19] = "89ab"[words[1] & 3];
    return id;
}

Api::Api(ApiOptions options, const storage::Store& store, Authenticator& authenticator,
         Authorizer& authorizer)
    : impl_{std::make_unique<Impl>(std::move(options), store, authenticator, authorizer)} {}
Api::~Api() = default;

net::Task<net::Response> Api::respond(net::Request request) {
    return impl_->respond(std::move(request));
}

void Api::shut_down(Termination::Farewell farewell) {
    impl_->termination_.begin(farewell);
}

InFlight& Api::in_flight() {
    return impl_->in_flight_;
}

void Api::write_metrics(telemetry::MetricsText& text) {
    impl_->write_metrics(text);
}

}  // namespace apiserver
