// SPDX-License-Identifier: Apache-2.0
// The server's face: takes each request through the filters of a k8s.io/apiserver in their order (audit id,
// request info, timeout, authentication, authorization) and then to the document it asks for.
#pragma once

#include "apiserver/access.hpp"
#include "apiserver/debug/endpoint.hpp"
#include "apiserver/discovery/discovery.hpp"
#include "apiserver/exposition/exposition.hpp"
#include "apiserver/exposition/request_metrics.hpp"
#include "apiserver/health.hpp"
#include "apiserver/metrics_api.hpp"
#include "apiserver/openapi/endpoint.hpp"
#include "net/http_server.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct ApiOptions {
    // Shown by /version and by discovery.
    std::string version = TOPD_VERSION;
    std::string server_address = ":443";
    std::vector<HealthCheck> healthz;
    std::vector<HealthCheck> livez;
    std::vector<HealthCheck> readyz;
    MetricsOptions metrics;
    DebugOptions debug;
    // /metrics; null: there is no such path. Must outlive the Api.
    const telemetry::MetricsPage* page = nullptr;
    // When the process was started, Unix time.
    std::int64_t started = 0;
};

class Api final : public net::RequestHandler {
  public:
    // All three must outlive it, and it the server that calls it.
    Api(ApiOptions options, const storage::Store& store, Authenticator& authenticator,
        Authorizer& authorizer);

    net::Task<net::Response> respond(net::Request request) override;

    // From now on every request gets 503 with Retry-After: for the time between the last wanted request and
    // the closing of the listener.
    void shut_down() { shutting_down_ = true; }

    // What there is for the page about requests and what was given out.
    void write_metrics(telemetry::MetricsText& text);

  private:
    // One request, taken apart.
    struct Call {
        const net::Request& request;
        const Query& query;
        const RequestInfo& info;
    };

    net::Task<net::Response> filter(const net::Request& request, RequestMetrics::Measure& measure);
    net::Task<net::Response> route(const Call& call);
    net::Task<net::Response> route_group(const Call& call);
    net::Response group_list(const Call& call) const;
    net::Response document(const Call& call, const Document& document) const;
    net::Response version(const Call& call) const;
    net::Response index(unsigned code) const;
    net::Response denied(const Call& call, const User& user, const Decision& decision) const;
    std::string new_audit_id();

    RequestMetrics requests_;
    std::optional<Exposition> exposition_;
    Authenticator& authenticator_;
    Authorizer& authorizer_;
    std::string version_;
    Discovery discovery_;
    OpenApiEndpoint openapi_;
    HealthEndpoint health_[3];
    DebugEndpoint debug_;
    MetricsApi metrics_;
    // Audit ids need to be unique, not secret.
    std::mt19937_64 random_{std::random_device{}()};
    bool shutting_down_ = false;
};

}  // namespace apiserver
