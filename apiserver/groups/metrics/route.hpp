// SPDX-License-Identifier: Apache-2.0
// What a path of metrics.k8s.io serves. "All of them" and "this one" are types of their own: no text, also
// not an empty one, can be taken for the other. A name is never empty.
#pragma once

#include "apiserver/groups/group.hpp"
#include "apiserver/request/request_info.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace apiserver {

inline constexpr std::string_view kMetricsGroup = "metrics.k8s.io";
// In the order of preference.
inline constexpr std::array<std::string_view, 2> kVersions{"v1beta1", "v1"};

inline constexpr Resource kNodes{"nodes", "NodeMetrics", "NodeMetricsList", false};
inline constexpr Resource kPods{"pods", "PodMetrics", "PodMetricsList", true};
inline constexpr std::array<Resource, 2> kMetricsResources{kNodes, kPods};

struct AllNodes {
    bool operator==(const AllNodes&) const = default;
};
struct OneNode {
    std::string name;
};
// The pods of all namespaces.
struct AllPods {
    bool operator==(const AllPods&) const = default;
};
struct PodsOf {
    std::string name_space;
    bool operator==(const PodsOf&) const = default;
};
struct OnePod {
    std::string name_space;
    std::string name;
};

// `version` is one of kVersions.
struct MetricsList {
    std::string_view version;
    std::variant<AllNodes, AllPods, PodsOf> of;
    bool operator==(const MetricsList&) const = default;
};
struct MetricsObject {
    std::string_view version;
    std::variant<OneNode, OnePod> of;
};
// Why there are no figures.
struct DebugPage {
    std::variant<AllNodes, OnePod> of;
};
struct NoRoute {};

using MetricsRoute = std::variant<NoRoute, MetricsList, MetricsObject, DebugPage>;

// Below a version of the group; `version` is one of kVersions.
MetricsRoute metrics_route(std::string_view version, const ResourcePath& path);
// /debug/nodes and /debug/pods/NAMESPACE/NAME.
std::optional<DebugPage> debug_route(std::span<const std::string> segments);

}  // namespace apiserver
