// SPDX-License-Identifier: Apache-2.0
#include "scraper/page/incomplete_rows.hpp"

#include "storage/points.hpp"
#include "telemetry/log.hpp"

#include <utility>

namespace scraper {
namespace {

using storage::RowKind;

void log(std::string_view node, const storage::PageRow& row) {
    const std::uint64_t cpu = row.cpu ? row.cpu->value : 0;
    const std::uint64_t memory = row.memory ? row.memory->value : 0;
    if (row.container.empty()) {
        telemetry::info("Failed getting complete node metric",
                        {{"node", node}, {"cpuNanoseconds", cpu}, {"memoryBytes", memory}});
        return;
    }
    telemetry::info("Failed getting complete container metric",
                    {{"containerName", row.container},
                     {"pod", std::string{row.name_space}.append("/").append(row.pod)},
                     {"node", node},
                     {"cpuNanoseconds", cpu},
                     {"memoryBytes", memory}});
}

}  // namespace

std::string name_of(const storage::PageRow& row) {
    if (row.container.empty()) return {};
    return std::string{row.name_space}.append("/").append(row.pod).append("/").append(row.container);
}

void IncompleteRows::say(std::string_view node, const storage::NodePage& page) {
    if (!telemetry::verbose(1)) return;
    auto before = said_.find(node);
    std::set<std::string> now;
    const auto see = [&](const storage::PageRow& row) {
        if (now.size() == kMostOfANode) return;
        std::string key = name_of(row);
        const bool is_new = before == said_.end() || !before->second.contains(key);
        if (now.insert(std::move(key)).second && is_new) log(node, row);
    };
    if (before == said_.end() && said_.size() == kMostNodes) return;
    // A node that is absent from its own page is not whole, either.
    if (kind_of(page.node) != RowKind::complete) see(page.node);
    for (const storage::PageRow& row : page.containers) {
        if (kind_of(row) == RowKind::incomplete && !row.container.empty()) see(row);
    }
    if (before != said_.end()) said_.erase(before);
    if (!now.empty()) said_.emplace(node, std::move(now));
}

}  // namespace scraper
