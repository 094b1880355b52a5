// SPDX-License-Identifier: Apache-2.0
// What the two APIs for graphs are asked, by the path.
#pragma once

#include "storage/history/points.hpp"

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace apiserver {

// Whether a path has the form of a pattern, in which "{}" stands for one segment and "{*}", at the end, for
// one or more; what they stand for, never empty, is in `parts` then.
bool matches(std::string_view path, std::string_view pattern, std::vector<std::string_view>& parts);

// Names as they came, with commas between.
struct NameList {
    std::string_view text;
    // Takes off the first. nullopt: there is none left. An empty text is one empty name, as in Go.
    std::optional<std::string_view> next();
    bool ended = false;
};

// Views into the path, as in all that follow.
struct DashboardSeries {
    // nullopt: of nodes.
    std::optional<std::string_view> name_space;
    std::string_view names;
    std::string_view metric;
};

// A path decoded, below /api/v1/dashboard. nullopt: nothing that has figures.
std::optional<DashboardSeries> dashboard_route(std::string_view path);

// A container that is in no pod.
struct FreeContainer {
    std::string_view node;
    std::string_view name;
};
using ModelSubject = std::variant<storage::history::Subject, FreeContainer>;

// One metric of one thing.
struct ModelSeries {
    ModelSubject of;
    std::string_view metric;
};

struct ModelPodList {
    std::string_view name_space;
    std::string_view names;
    std::string_view metric;
};

// Which metrics there are of it.
struct ModelMetrics {
    ModelSubject of;
};

// What is served now.
struct ModelNames {
    enum class Of { nodes, namespaces, pods, containers, free_containers, all_keys } of = Of::nodes;
    std::string_view name_space{};
    std::string_view pod{};
    std::string_view node{};
};

using ModelRoute = std::variant<ModelSeries, ModelPodList, ModelMetrics, ModelNames>;

// A path decoded, below /api/v1/model, a slash at its end or not. nullopt: there is no such page.
std::optional<ModelRoute> model_route(std::string_view path);

}  // namespace apiserver
