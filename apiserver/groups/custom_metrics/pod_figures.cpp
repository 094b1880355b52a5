// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/pod_figures.hpp"

#include "apiserver/list/walk.hpp"

#include <algorithm>
#include <cstdint>

namespace apiserver {
namespace {

using storage::applications::Applications;
using storage::applications::Asked;
using storage::applications::Figure;
using storage::applications::Known;

// That of one pod is within it too (storage/applications/rate.hpp); autoscalers add up in 64 bits.
constexpr std::int64_t kMostMilli = 9'200'000'000'000'000;

}  // namespace

std::optional<Figure> PodFigures::sum() const {
    if (known.empty() || missing.lacks_some()) return std::nullopt;
    Figure sum = known.front().second;
    sum.milli = 0;
    for (const auto& [pod, figure] : known) {
        sum.milli = std::clamp(sum.milli + figure.milli, -kMostMilli, kMostMilli);
        sum.at = std::min(sum.at, figure.at);
        sum.window = std::max(sum.window, figure.window);
    }
    return sum;
}

PodFigures ask_for(Applications& applications, const storage::applications::Demand& demand,
                   std::span<const std::string> pods, storage::Monotonic now) {
    PodFigures out;
    if (pods.empty()) return out;
    const Asked asked = applications.ask(demand, now);
    out.refused = asked.refused;
    out.since = asked.since;
    if (asked.id == 0) return out;
    for (const std::string& pod : pods) {
        const Known known = applications.known(asked, pod, now);
        if (known.figure)
            out.known.emplace_back(pod, *known.figure);
        else
            out.missing.count(pod, known);
    }
    return out;
}

std::vector<std::string> selected_pods(const storage::Store& store, std::string_view name_space,
                                       const LabelSelector& selector, storage::Monotonic now) {
    std::vector<std::string> names;
    LabelFilter filter{selector};
    // Nothing of their usage is wanted.
    const auto usage_is_wanted = [](const storage::PodView&) { return false; };
    store.walk_pods(name_space, {}, now, usage_is_wanted, [&](const storage::PodView& pod) {
        if (filter.accepts(store, pod.labels)) names.emplace_back(pod.name);
        return true;
    });
    return names;
}

std::vector<std::string> annotated_pods(const Applications& applications, std::string_view name_space) {
    std::vector<std::string> names;
    applications.visit_annotated(name_space, [&](std::string_view pod) { names.emplace_back(pod); });
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace apiserver
