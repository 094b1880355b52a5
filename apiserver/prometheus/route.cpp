// SPDX-License-Identifier: Apache-2.0
#include "apiserver/prometheus/route.hpp"

#include <utility>

namespace apiserver {
namespace {

using End = PrometheusEndpoint;

constexpr std::pair<std::string_view, End> kFixedPaths[] = {
    {"/api/v1/query", End::query},       {"/api/v1/query_range", End::query_range},
    {"/api/v1/series", End::series},     {"/api/v1/labels", End::labels},
    {"/api/v1/metadata", End::metadata}, {"/api/v1/status/buildinfo", End::buildinfo},
    {"/-/healthy", End::healthy},        {"/-/ready", End::ready},
};
constexpr std::string_view kBeforeLabel = "/api/v1/label/";
constexpr std::string_view kBehindLabel = "/values";

}  // namespace

std::optional<PrometheusRoute> prometheus_route(std::string_view path) {
    for (const auto& [fixed, endpoint] : kFixedPaths)
        if (path == fixed) return PrometheusRoute{endpoint};
    if (!path.starts_with(kBeforeLabel)) return std::nullopt;
    path.remove_prefix(kBeforeLabel.size());
    if (!path.ends_with(kBehindLabel)) return std::nullopt;
    path.remove_suffix(kBehindLabel.size());
    if (path.empty() || path.find('/') != path.npos) return std::nullopt;
    return PrometheusRoute{End::label_values, path};
}

}  // namespace apiserver
