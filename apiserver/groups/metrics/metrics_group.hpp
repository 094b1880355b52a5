// SPDX-License-Identifier: Apache-2.0
// metrics.k8s.io: nodes and pods, and beside them why there are no figures.
#pragma once

#include "apiserver/debug/endpoint.hpp"
#include "apiserver/groups/group.hpp"
#include "apiserver/groups/metrics/metrics_api.hpp"

namespace apiserver {

class MetricsGroup final : public Group {
  public:
    // Both must outlive it.
    MetricsGroup(MetricsApi& metrics, const DebugEndpoint& debug) : metrics_{metrics}, debug_{debug} {}

    GroupInfo info() const override;
    net::Task<std::optional<net::Response>> respond(GroupCall call) override;
    void describe(OpenApiVersion openapi, std::string_view version, Json& paths,
                  Json& schemas) const override;

  private:
    MetricsApi& metrics_;
    const DebugEndpoint& debug_;
};

}  // namespace apiserver
