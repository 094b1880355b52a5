// SPDX-License-Identifier: Apache-2.0
#include "scraper/commit_report.hpp"

#include "telemetry/log.hpp"

#include <string>

namespace scraper {
namespace {

// "the node", or "NAMESPACE/POD/CONTAINER".
std::string name_of(const storage::PageRow& row) {
    if (row.container.empty()) return "the node";
    return std::string{row.name_space}.append("/").append(row.pod).append("/").append(row.container);
}

}  // namespace

void say_committed(std::string_view node, const storage::CommitResult& committed, bool& said_repeating) {
    if (committed.impossible > 0)
        telemetry::paced_info("Left out rates of more than twice the node's capacity",
                              {{"node", node},
                               {"count", committed.impossible},
                               {"first", name_of(committed.first_impossible)}});
    if (committed.clock_set > 0)
        telemetry::paced_info("Left out rates across a setting of the node's clock",
                              {{"node", node}, {"count", committed.clock_set}});
    if (committed.twice > 0)
        telemetry::paced_info("A page contradicts itself: several lines for the same figure",
                              {{"node", node}, {"count", committed.twice}});
    if (committed.repeating != said_repeating) {
        telemetry::info(committed.repeating ? "Kubelet repeats its samples" : "Kubelet's samples move again",
                        {{"node", node}});
        said_repeating = committed.repeating;
    }
}

}  // namespace scraper
