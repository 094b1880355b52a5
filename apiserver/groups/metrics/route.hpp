// SPDX-License-Identifier: Apache-2.0
// What a path of metrics.k8s.io serves.
#pragma once

#include "apiserver/debug/route.hpp"
#include "apiserver/groups/group.hpp"
#include "apiserver/request/metrics_objects.hpp"
#include "apiserver/request/request_info.hpp"

#include <array>
#include <string_view>
#include <variant>

namespace apiserver {

inline constexpr std::string_view kMetricsGroup = "metrics.k8s.io";
// In the order of preference.
inline constexpr std::array<std::string_view, 2> kVersions{"v1beta1", "v1"};

inline constexpr Resource kNodes{"nodes", "NodeMetrics", "NodeMetricsList", false};
inline constexpr Resource kPods{"pods", "PodMetrics", "PodMetricsList", true};
inline constexpr std::array<Resource, 2> kMetricsResources{kNodes, kPods};

struct NoRoute {};

using MetricsRoute = std::variant<NoRoute, MetricsList, MetricsObject, DebugPage>;

// Below a version of the group; `version` is one of kVersions.
MetricsRoute metrics_route(std::string_view version, const ResourcePath& path);

}  // namespace apiserver
