// SPDX-License-Identifier: Apache-2.0
// One pod: the points of its containers, or why it has no metrics.
#pragma once

#include "apiserver/debug/application_page.hpp"
#include "apiserver/debug/moments.hpp"
#include "apiserver/debug/node_row.hpp"
#include "storage/explain.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace apiserver {

struct PodPage {
    std::string_view name_space;
    std::string_view name;
    storage::PodExplanation pod;
    // The one whose pages count.
    std::optional<NodeRow> node;
    // Null: no pods are scraped.
    const ApplicationReports* applications = nullptr;
};

std::string pod_json(const PodPage& page, const Moments& now, std::chrono::nanoseconds bound);
// For people.
std::string pod_text(const PodPage& page, const Moments& now, std::chrono::nanoseconds bound);

}  // namespace apiserver
