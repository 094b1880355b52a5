// SPDX-License-Identifier: Apache-2.0
#include "scraper/node/first_figures.hpp"

#include "scraper/node/scraped_node.hpp"
#include "scraper/schedule.hpp"
#include "storage/points.hpp"
#include "storage/store.hpp"

#include <algorithm>

namespace scraper {
namespace {

using storage::NodePage;
using storage::PageRow;
using storage::RowKind;

bool has_unmeasured_container(const NodePage& page, const PageRow& of) {
    return std::any_of(page.containers.begin(), page.containers.end(), [&](const PageRow& row) {
        return kind_of(row) == RowKind::incomplete && row.pod == of.pod && row.name_space == of.name_space;
    });
}

}  // namespace

bool lacks_second_sample(const storage::Store& store, const NodePage& page, storage::Monotonic now) {
    const auto is_young = [least = store.fresh_age()](const PageRow& row) {
        return row.started != 0 && std::chrono::nanoseconds{row.cpu->at - row.started} < least;
    };
    storage::PodView pod;
    for (const PageRow& row : page.containers) {
        if (kind_of(row) != RowKind::complete || is_young(row)) continue;
        const bool known = store.pod(row.name_space, row.pod, now, pod);
        if (known && pod.containers.empty() && !has_unmeasured_container(page, row)) return true;
    }
    return false;
}

std::chrono::nanoseconds to_next_sample(const NodePage& page, std::chrono::system_clock::time_point wall) {
    storage::Nanos newest = page.node.cpu ? page.node.cpu->at : 0;
    for (const PageRow& row : page.containers)
        if (row.cpu) newest = std::max(newest, row.cpu->at);
    return std::chrono::nanoseconds{newest} + std::chrono::nanoseconds{Schedule::kSampleApart} -
           wall.time_since_epoch();
}

bool is_awaited(const ScrapedNode& node) {
    if (node.has_first_figures) return false;
    switch (node.health.state()) {
        case NodeState::pending:
        case NodeState::ok:
            return true;
        case NodeState::failing:
            return node.ready && !node.health.timed_out() && node.health.failures() < 2;
        case NodeState::unsupported:
            return false;
    }
    return false;
}

void FirstFigures::add(const ScrapedNode& node) {
    ++nodes;
    if (node.has_first_figures) ++complete;
    if (is_awaited(node)) ++awaited;
}

}  // namespace scraper
