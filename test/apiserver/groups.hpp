// SPDX-License-Identifier: Apache-2.0
// What an Api serves, for tests of what is made from it.
#pragma once

#include "apiserver/exposition/request_key.hpp"
#include "apiserver/groups/metrics/openapi.hpp"
#include "apiserver/groups/metrics/route.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace test {

inline apiserver::GroupInfo metrics_group_info() {
    return {apiserver::kMetricsGroup, apiserver::kVersions, apiserver::kMetricsResources};
}

inline apiserver::RequestSubjects request_subjects() {
    return {{metrics_group_info()},
            {"/version", "/healthz", "/livez", "/readyz", "/openapi/v2", "/openapi/v3", "/metrics"}};
}

// metrics.k8s.io without anybody who answers: what its documents are made from.
struct DescribedMetrics final : apiserver::Group {
    apiserver::GroupInfo info() const override { return metrics_group_info(); }
    net::Task<std::optional<net::Response>> respond(apiserver::GroupCall) override { co_return std::nullopt; }
    void describe(apiserver::OpenApiVersion openapi, std::string_view version, apiserver::Json& paths,
                  apiserver::Json& schemas) const override {
        apiserver::describe_metrics(info(), openapi, version, paths, schemas);
    }
};

inline std::vector<std::shared_ptr<apiserver::Group>> described_groups() {
    return {std::make_shared<DescribedMetrics>()};
}

}  // namespace test
