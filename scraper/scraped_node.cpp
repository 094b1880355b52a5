// SPDX-License-Identifier: Apache-2.0
#include "scraper/scraped_node.hpp"

#include "scraper/commit_report.hpp"
#include "scraper/page/page_failure.hpp"

namespace scraper {

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
