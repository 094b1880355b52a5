// SPDX-License-Identifier: Apache-2.0
// All that is served, each at its paths, to whoever got through the filters of Api.
#pragma once

#include "apiserver/debug/endpoint.hpp"
#include "apiserver/discovery/discovery.hpp"
#include "apiserver/exposition/exposition.hpp"
#include "apiserver/exposition/request_key.hpp"
#include "apiserver/groups/group.hpp"
#include "apiserver/groups/metrics/metrics_api.hpp"
#include "apiserver/health.hpp"
#include "apiserver/openapi/endpoint.hpp"
#include "apiserver/options.hpp"
#include "apiserver/routes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

// The store, the compression and what the options point to must outlive it.
class Endpoints {
  public:
    Endpoints(const ApiOptions& options, const storage::Store& store, Compression& compression);
    Endpoints(const Endpoints&) = delete;
    Endpoints& operator=(const Endpoints&) = delete;

    // What is at the path; where there is nothing, the index with 404.
    net::Task<net::Response> respond(const Call& call);

    // Prometheus' API is there, and reads a ?timeout of its own, which may be a bare number of seconds.
    bool has_own_timeout(std::string_view path) const;

    // What the request metrics tell apart.
    RequestSubjects counted() const;
    void write_freshness(telemetry::MetricsText& text) const { metrics_.write_freshness(text); }

  private:
    void add_routes(const ApiOptions& options);
    template <class Server>
    void add_for_graphs(std::string_view root, Server& server);
    void add_ui(Ui& ui);
    void add_group(Group& group);
    net::Task<std::optional<net::Response>> respond_group(Group& group, const Call& call);
    net::Response group_list(const Call& call) const;
    net::Response version(const Call& call) const;

    bool has_prometheus_;
    std::string version_;
    std::optional<Exposition> exposition_;
    DebugEndpoint debug_;
    MetricsApi metrics_;
    std::vector<std::shared_ptr<Group>> groups_;
    Discovery discovery_;
    // Made when it is first asked for.
    std::optional<OpenApiEndpoint> openapi_;
    HealthEndpoint health_[3];
    Routes routes_;
};

}  // namespace apiserver
