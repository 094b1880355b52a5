// SPDX-License-Identifier: Apache-2.0
// What is known of a metric of some pods, asked at once.
#pragma once

#include "apiserver/groups/custom_metrics/missing_figures.hpp"
#include "apiserver/request/label_selector.hpp"
#include "storage/applications/applications.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apiserver {

struct PodFigures {
    std::vector<std::pair<std::string, storage::applications::Figure>> known;
    MissingFigures missing;
    // How long the metric has been asked for.
    std::chrono::nanoseconds since{0};
    // Not `nothing`: it could not be asked for.
    storage::applications::Refused refused{};

    // All that are known, added up: as old as the oldest, over the longest window. nullopt: there are none,
    // or some are not known yet, or find no room: right after a start a sum of the others would scale down.
    std::optional<storage::applications::Figure> sum() const;
};

// The metric is in demand of these pods from now on. Without pods nothing is asked for.
PodFigures ask_for(storage::applications::Applications& applications,
                   const storage::applications::Demand& demand, std::span<const std::string> pods,
                   storage::Monotonic now);

// The names of a namespace's pods that the selector selects, sorted.
std::vector<std::string> selected_pods(const storage::Store& store, std::string_view name_space,
                                       const LabelSelector& selector, storage::Monotonic now);
// Of those that are annotated, whatever their labels.
std::vector<std::string> annotated_pods(const storage::applications::Applications& applications,
                                        std::string_view name_space);

}  // namespace apiserver
