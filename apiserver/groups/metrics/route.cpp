// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/metrics/route.hpp"

namespace apiserver {

MetricsRoute metrics_route(std::string_view version, const ResourcePath& path) {
    const auto& parts = path.parts;
    const bool in_namespace = path.name_space != nullptr;
    if (parts[0] == "pods") {
        if (parts.size() == 1 && !in_namespace) return MetricsList{version, AllPods{}};
        if (parts.size() == 1) return MetricsList{version, PodsOf{*path.name_space}};
        if (parts.size() == 2 && in_namespace)
            return MetricsObject{version, OnePod{*path.name_space, parts[1]}};
        if (parts.size() == 3 && in_namespace && parts[2] == "debug")
            return DebugPage{OnePod{*path.name_space, parts[1]}};
    }
    if (in_namespace) return NoRoute{};
    if (parts[0] == "nodes" && parts.size() == 1) return MetricsList{version, AllNodes{}};
    if (parts[0] == "nodes" && parts.size() == 2) return MetricsObject{version, OneNode{parts[1]}};
    if (parts[0] == "debug" && parts.size() == 2 && parts[1] == "nodes") return DebugPage{AllNodes{}};
    if (parts[0] == "debug" && parts.size() == 2 && parts[1] == "sinks") return DebugPage{AllSinks{}};
    return NoRoute{};
}

}  // namespace apiserver
