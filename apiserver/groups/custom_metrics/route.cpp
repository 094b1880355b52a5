// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/route.hpp"

namespace apiserver {

CustomMetricsRoute custom_metrics_route(const ResourcePath& path) {
    const auto& parts = path.parts;
    if (path.name_space == nullptr) {
        if (parts.size() == 3) return ClusterMetric{parts[0], parts[2]};
        return NoSuchPath{};
    }
    // "namespaces", NAME and nothing behind them.
    if (parts[0] == "namespaces") return NoSuchPath{};
    if (parts.size() == 1) return InvalidPath{};
    if (parts.size() == 2 && parts[0] == "metrics") return NamespaceMetric{*path.name_space, parts[1]};
    if (parts.size() != 3) return NoSuchPath{};
    if (parts[0] == "pods" && parts[1] == "*") return PodsMetric{*path.name_space, parts[2]};
    return ObjectMetric{*path.name_space, parts[0], parts[1], parts[2]};
}

}  // namespace apiserver
