// SPDX-License-Identifier: Apache-2.0
// What a path of custom.metrics.k8s.io asks for.
#pragma once

#include "apiserver/groups/group.hpp"
#include "apiserver/request/request_info.hpp"

#include <array>
#include <string>
#include <string_view>
#include <variant>

namespace apiserver {

inline constexpr std::string_view kCustomMetricsGroup = "custom.metrics.k8s.io";
// In the order of preference. No client needs v1beta2; one that prefers what is not served yet by the replica
// that answers it would be lost.
inline constexpr std::array<std::string_view, 2> kCustomMetricsVersions{"v1beta1", "v1beta2"};

inline constexpr std::string_view kMetricValueList = "MetricValueList";
// What is served, whatever is in demand: aggregated discovery says no more, so that its ETag stays.
inline constexpr std::array<Subresource, 1> kUpOfPods{{{"up", kMetricValueList}}};
inline constexpr std::array<Resource, 1> kCustomMetricsResources{{{"pods", "", "", true, kUpOfPods}}};

// NAME is "*": of all pods of the namespace that are selected.
struct PodsMetric {
    std::string_view name_space;
    std::string_view metric;
};
// Of one object in a namespace: "pods", "services", "deployments.apps".
struct ObjectMetric {
    std::string_view name_space;
    std::string_view resource;
    std::string_view name;
    std::string_view metric;
};
// Of all pods of the namespace that are annotated.
struct NamespaceMetric {
    std::string_view name_space;
    std::string_view metric;
};
// Of an object outside of namespaces.
struct ClusterMetric {
    std::string_view resource;
    std::string_view metric;
};
// There is nothing below it, and it is no metric: 400.
struct InvalidPath {};
// 404.
struct NoSuchPath {};

using CustomMetricsRoute =
    std::variant<NoSuchPath, InvalidPath, PodsMetric, ObjectMetric, NamespaceMetric, ClusterMetric>;

// Views into the path.
CustomMetricsRoute custom_metrics_route(const ResourcePath& path);

}  // namespace apiserver
