// SPDX-License-Identifier: Apache-2.0
// Which of Prometheus' endpoints a path names.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace apiserver {

enum class PrometheusEndpoint {
    query,
    query_range,
    series,
    labels,
    label_values,
    metadata,
    buildinfo,
    healthy,
    ready,
};

struct PrometheusRoute {
    PrometheusEndpoint endpoint{};
    // Of label_values: a view into the path.
    std::string_view label{};

    // Whether parameters may come as the body of a POST too.
    bool takes_form() const { return endpoint <= PrometheusEndpoint::labels; }
    // Whether it only says that somebody answers.
    bool is_health() const { return endpoint >= PrometheusEndpoint::healthy; }
};

// What all of them are at or below.
inline constexpr std::array<std::string_view, 9> kPrometheusRoots{
    "/api/v1/query",    "/api/v1/query_range",      "/api/v1/series", "/api/v1/labels", "/api/v1/label",
    "/api/v1/metadata", "/api/v1/status/buildinfo", "/-/healthy",     "/-/ready",
};

// Of a decoded path. nullopt: it is none.
std::optional<PrometheusRoute> prometheus_route(std::string_view path);

}  // namespace apiserver
