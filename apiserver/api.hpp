// SPDX-License-Identifier: Apache-2.0
// The server's face: takes each request through the filters of a k8s.io/apiserver in their order (audit id,
// request info, shutdown, timeout, authentication, impersonation, how many at once, authorization) and then
// to the document it asks for.
#pragma once

#include "apiserver/access.hpp"
#include "apiserver/auth/impersonation.hpp"
#include "apiserver/debug/endpoint.hpp"
#include "apiserver/discovery/discovery.hpp"
#include "apiserver/exposition/exposition.hpp"
#include "apiserver/exposition/request_metrics.hpp"
#include "apiserver/groups/metrics/metrics_group.hpp"
#include "apiserver/health.hpp"
#include "apiserver/in_flight.hpp"
#include "apiserver/groups/metrics/metrics_api.hpp"
#include "apiserver/list/compression.hpp"
#include "apiserver/openapi/endpoint.hpp"
#include "apiserver/routes.hpp"
#include "apiserver/termination.hpp"
#include "net/http/server.hpp"
#include "storage/store.hpp"
#include "version/version.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct ApiOptions {
    // Shown by /version and by discovery.
    std::string version = version::number();
    std::string server_address = ":443";
    std::vector<HealthCheck> healthz;
    std::vector<HealthCheck> livez;
    std::vector<HealthCheck> readyz;
    MetricsOptions metrics;
    DebugOptions debug;
    // Beside metrics.k8s.io, and behind it.
    std::vector<std::shared_ptr<Group>> groups;
    // /metrics; null: there is no such path. Must outlive the Api.
    const telemetry::MetricsPage* page = nullptr;
    // When the process was started, Unix time.
    std::int64_t started = 0;
    InFlightLimits in_flight;
    // --request-timeout
    std::chrono::nanoseconds request_timeout{std::chrono::minutes{1}};
    // The header of that name in every answer; empty: none.
    std::string strict_transport_security;
    std::function<net::Clock::time_point()> clock = net::Clock::now;
};

class Api final : public net::RequestHandler {
  public:
    // All three must outlive it, and it the server that calls it.
    Api(ApiOptions options, const storage::Store& store, Authenticator& authenticator,
        Authorizer& authorizer);

    net::Task<net::Response> respond(net::Request request) override;

    // From now on new requests are turned away.
    void shut_down(Termination::Farewell farewell) { termination_.begin(farewell); }
    // Requests that are being answered.
    InFlight& in_flight() { return in_flight_; }

    // What there is for the page about requests and what was given out.
    void write_metrics(telemetry::MetricsText& text);

  private:
    net::Task<net::Response> filter(const net::Request& request, RequestMetrics::Measure& measure);
    net::Task<net::Response> identify(const Call& call, InFlight::Place& place);
    net::Task<net::Response> permit(const Call& call, User user, InFlight::Place& place);
    net::Task<net::Response> route(const Call& call);
    void add_routes();
    Route group_route(Group& group);
    net::Task<std::optional<net::Response>> respond_group(Group& group, const Call& call);
    net::Response document(const Call& call, const Document& document) const;
    net::Response group_list(const Call& call) const;
    net::Response version(const Call& call) const;
    std::string new_audit_id();

    std::optional<Exposition> exposition_;
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
    OpenApiEndpoint openapi_;
    HealthEndpoint health_[3];
    Routes routes_;
    // Set by the constructor: it needs the routes.
    std::optional<RequestMetrics> requests_;
    // Audit ids need to be unique, not secret.
    std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace apiserver
