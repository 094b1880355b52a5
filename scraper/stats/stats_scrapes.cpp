// SPDX-License-Identifier: Apache-2.0
#include "scraper/stats/stats_scrapes.hpp"

#include "net/task_group.hpp"
#include "scraper/node/scraped_node.hpp"
#include "scraper/stats/stats_scrape.hpp"
#include "storage/explain.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/store.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>

namespace scraper {
namespace {

// Failures in a row after which a kubelet is left alone for a while.
constexpr std::uint32_t kPatience = 2;

storage::stats::Seconds unix_now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// Sets it back when the work has ended, in whatever way.
class Running {
  public:
    explicit Running(StatsState& state) : state_{state} { state_.running = true; }
    ~Running() {
        state_.running = false;
        state_.ended.notify();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

  private:
    StatsState& state_;
};

}  // namespace

StatsScrapes::StatsScrapes(const ScraperOptions& options, const storage::Store& store)
    : options_{options}, store_{store}, requests_{options} {}

bool StatsScrapes::is_due(const ScrapedNode& node, Time now, Time next) const {
    return !node.gone && node.kubelet && node.has_first_figures && !node.stats.running &&
           now >= node.stats.not_before && next - now >= kMargin + kLeast && options_.stats->takes_pages();
}

net::Task<> StatsScrapes::ask(std::shared_ptr<ScrapedNode> node, Time next) {
    const Running running{node->stats};
    const Time started = net::Clock::now();
    // Pages come at whole rounds: the one that is next to the pace.
    node->stats.not_before = started + options_.stats_pace - options_.resolution / 2;
    net::ExchangeLimits limits;
    limits.deadline = std::min<Time>(started + options_.request_timeout, next - kMargin);
    limits.body_bytes = options_.page_bytes;
    StatsResult result = co_await scrape_stats(node->kubelet->client(),
                                               requests_.get(std::string{kStatsPath}, started), limits);
    if (node->gone) co_return;
    if (result.page) take(*node, *result.page);
    record(*node, std::move(result.failure), net::Clock::now());
}

net::Task<> StatsScrapes::ended(std::shared_ptr<ScrapedNode> node) {
    while (node->stats.running) co_await node->stats.ended.wait_until(Time::max());
}

void StatsScrapes::take(ScrapedNode& node, const storage::stats::StatsPage& page) {
    const Time now = net::Clock::now();
    const auto is_of_node = [&](std::string_view name_space, std::string_view pod) {
        const storage::PodExplanation seen = store_.explain_pod(name_space, pod, now);
        return seen.verdict != storage::PodExplanation::Verdict::unknown && seen.node == node.id.name;
    };
    counts_.foreign += options_.stats->commit(node.id.name, page, unix_now(), is_of_node);
    counts_.bad_fields += page.bad_fields;
    counts_.bad_things += page.bad_things;
}

void StatsScrapes::record(ScrapedNode& node, Failure failure, Time now) {
    const Reason reason = failure.reason();
    // Says nothing about the node.
    if (reason == Reason::stopped) return;
    ++counts_.results[static_cast<std::size_t>(reason)];
    const Reason before = std::exchange(node.stats.reason, reason);
    node.stats.failures = reason == Reason::ok ? 0 : node.stats.failures + 1;
    const bool refused = failure.status == 401 || failure.status == 403 || failure.status == 404;
    if (refused || node.stats.failures >= kPatience)
        node.stats.not_before = std::max<Time>(node.stats.not_before, now + kPause);
    if (reason == before || !node.ready) return;
    if (reason == Reason::ok)
        return telemetry::paced_info("The kubelet's summary comes again", {{"node", node.id.name}});
    node.kubelet->explain(failure);
    telemetry::paced_error("Failed to get the kubelet's summary; its resource metrics do not depend on it",
                           {{"err", failure.sentence(node.kubelet->url(kStatsPath))},
                            {"node", node.id.name},
                            {"hint", stats_hint(failure)}});
}

}  // namespace scraper
