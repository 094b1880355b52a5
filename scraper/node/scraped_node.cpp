// SPDX-License-Identifier: Apache-2.0
#include "scraper/node/scraped_node.hpp"

#include "scraper/kubelet/page_failure.hpp"
#include "scraper/page/incomplete_rows.hpp"
#include "telemetry/log.hpp"

#include <string>

namespace scraper {
namespace {

// Figures that cannot be, or do not move. `said_repeating`: that the node repeats its samples was said and
// holds.
void say_committed(std::string_view node, const storage::CommitResult& committed, bool& said_repeating) {
    if (const std::string first = name_of(committed.first_impossible); committed.impossible > 0)
        telemetry::paced_info(
            "Left out rates of more than twice the node's capacity",
            {{"node", node}, {"count", committed.impossible}, {"first", first.empty() ? "the node" : first}});
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

}  // namespace

NodeHealth::Attempt ScrapedNode::judge(ScrapeResult& result, NodeHealth::Time started,
                                       NodeHealth::Time ended) {
    NodeHealth::Attempt attempt;
    attempt.reason = result.failure.reason();
    attempt.started = started;
    attempt.ended = ended;
    if (attempt.reason == Reason::ok || attempt.reason == Reason::stopped) return attempt;
    if (kubelet) kubelet->explain(result.failure);
    attempt.error = result.failure.sentence(url());
    attempt.hint = result.failure.hint();
    attempt.timed_out = result.failure.timed_out();
    return attempt;
}

void ScrapedNode::say(const ParsedPage& page, const storage::CommitResult& committed) {
    say_bad_lines(id.name, page, said_bad_lines);
    say_committed(id.name, committed, said_repeating);
}

}  // namespace scraper
