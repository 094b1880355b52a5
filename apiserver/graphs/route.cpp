// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/route.hpp"

#include <algorithm>

namespace apiserver {
namespace {

using Parts = std::vector<std::string_view>;

// What stands in front of the next slash; takes it and the slash off.
std::string_view take_segment(std::string_view& path) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    return segment;
}

struct ModelPattern {
    std::string_view pattern;
    ModelRoute (*route)(const Parts&);
};

using storage::history::OfCluster;
using storage::history::OfContainer;
using storage::history::OfNamespace;
using storage::history::OfNode;
using storage::history::OfPod;
using storage::history::Subject;
using Names = ModelNames::Of;

// Heapster's (metrics/api/v1/model_handlers.go), all of them.
constexpr ModelPattern kModelPatterns[] = {
    {"/metrics", [](const Parts&) -> ModelRoute { return ModelMetrics{Subject{OfCluster{}}}; }},
    {"/metrics/{*}",
     [](const Parts& p) -> ModelRoute {
         return ModelSeries{Subject{OfCluster{}}, p[0]};
     }},
    {"/nodes", [](const Parts&) -> ModelRoute { return ModelNames{Names::nodes}; }},
    {"/nodes/{}/metrics", [](const Parts& p) -> ModelRoute { return ModelMetrics{Subject{OfNode{p[0]}}}; }},
    {"/nodes/{}/metrics/{*}",
     [](const Parts& p) -> ModelRoute {
         return ModelSeries{Subject{OfNode{p[0]}}, p[1]};
     }},
    {"/nodes/{}/freecontainers",
     [](const Parts& p) -> ModelRoute {
         return ModelNames{Names::free_containers, {}, {}, p[0]};
     }},
    {"/nodes/{}/freecontainers/{}/metrics",
     [](const Parts& p) -> ModelRoute {
         return ModelMetrics{FreeContainer{p[0], p[1]}};
     }},
    {"/nodes/{}/freecontainers/{}/metrics/{*}",
     [](const Parts& p) -> ModelRoute {
         return ModelSeries{FreeContainer{p[0], p[1]}, p[2]};
     }},
    {"/namespaces", [](const Parts&) -> ModelRoute { return ModelNames{Names::namespaces}; }},
    {"/namespaces/{}/metrics",
     [](const Parts& p) -> ModelRoute { return ModelMetrics{Subject{OfNamespace{p[0]}}}; }},
    {"/namespaces/{}/metrics/{*}",
     [](const Parts& p) -> ModelRoute {
         return ModelSeries{Subject{OfNamespace{p[0]}}, p[1]};
     }},
    {"/namespaces/{}/pods",
     [](const Parts& p) -> ModelRoute {
         return ModelNames{Names::pods, p[0]};
     }},
    {"/namespaces/{}/pods/{}/metrics",
     [](const Parts& p) -> ModelRoute {
         return ModelMetrics{Subject{OfPod{p[0], p[1]}}};
     }},
    {"/namespaces/{}/pods/{}/metrics/{*}",
     [](const Parts& p) -> ModelRoute {
         return ModelSeries{Subject{OfPod{p[0], p[1]}}, p[2]};
     }},
    {"/namespaces/{}/pods/{}/containers",
     [](const Parts& p) -> ModelRoute {
         return ModelNames{Names::containers, p[0], p[1]};
     }},
    {"/namespaces/{}/pods/{}/containers/{}/metrics",
     [](const Parts& p) -> ModelRoute {
         return ModelMetrics{Subject{OfContainer{p[0], p[1], p[2]}}};
     }},
    {"/namespaces/{}/pods/{}/containers/{}/metrics/{*}",
     [](const Parts& p) -> ModelRoute {
         return ModelSeries{Subject{OfContainer{p[0], p[1], p[2]}}, p[3]};
     }},
    {"/namespaces/{}/pod-list/{}/metrics/{*}",
     [](const Parts& p) -> ModelRoute {
         return ModelPodList{p[0], p[1], p[2]};
     }},
    {"/debug/allkeys", [](const Parts&) -> ModelRoute { return ModelNames{Names::all_keys}; }},
};

}  // namespace

bool matches(std::string_view path, std::string_view pattern, std::vector<std::string_view>& parts) {
    parts.clear();
    if (!path.starts_with('/')) return false;
    path.remove_prefix(1);
    pattern.remove_prefix(1);
    for (;;) {
        const std::string_view wanted = take_segment(pattern);
        if (wanted == "{*}") {
            parts.push_back(path);
            return !path.empty();
        }
        // A slash at its end is an empty segment more.
        const bool last = path.find('/') == std::string_view::npos;
        const std::string_view segment = take_segment(path);
        if (segment.empty()) return false;
        if (wanted == "{}")
            parts.push_back(segment);
        else if (segment != wanted)
            return false;
        if (pattern.empty() || last) return pattern.empty() && last;
    }
}

std::optional<std::string_view> NameList::next() {
    if (ended) return std::nullopt;
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    ended = comma == std::string_view::npos;
    if (!ended) text.remove_prefix(comma + 1);
    return name;
}

std::optional<DashboardSeries> dashboard_route(std::string_view path) {
    Parts parts;
    if (matches(path, "/nodes/{}/metrics/{}/{}", parts))
        return DashboardSeries{std::nullopt, parts[0], parts[1]};
    if (matches(path, "/namespaces/{}/pod-list/{}/metrics/{}/{}", parts))
        return DashboardSeries{parts[0], parts[1], parts[2]};
    return std::nullopt;
}

std::optional<ModelRoute> model_route(std::string_view path) {
    if (path.ends_with('/')) path.remove_suffix(1);
    Parts parts;
    for (const ModelPattern& each : kModelPatterns)
        if (matches(path, each.pattern, parts)) return each.route(parts);
    return std::nullopt;
}

}  // namespace apiserver
