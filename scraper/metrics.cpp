// SPDX-License-Identifier: Apache-2.0
#include "scraper/metrics.hpp"

#include "scraper/kubelet/failure.hpp"
#include "scraper/node/request_durations.hpp"

#include <string>

namespace scraper {
namespace {

using telemetry::Family;
using telemetry::MetricsText;
using telemetry::MetricType;

constexpr Family kDurations{"metrics_server_kubelet_request_duration_seconds",
                            "[ALPHA] Duration of requests to Kubelet API in seconds", MetricType::histogram};
constexpr Family kTotal{"metrics_server_kubelet_request_total",
                        "[ALPHA] Number of requests sent to Kubelet API", MetricType::counter};
constexpr Family kLastTime{
    "metrics_server_kubelet_last_request_time_seconds",
    "[ALPHA] Time of last request performed to Kubelet API since unix epoch in seconds", MetricType::gauge};
constexpr Family kTicks{"metrics_server_manager_tick_duration_seconds",
                        "[ALPHA] The total time spent collecting and storing metrics in seconds.",
                        MetricType::histogram};

constexpr Family kErrors{"topd_kubelet_scrape_errors_total",
                         "Scrapes that gave no page, by reason: target is an unusable address, unsupported a "
                         "kubelet without the page.",
                         MetricType::counter};
constexpr Family kBadLines{"topd_kubelet_bad_lines_total",
                           "Lines of kubelets' pages that could not be read and were skipped.",
                           MetricType::counter};
constexpr Family kRowsLeftOut{"topd_kubelet_rows_left_out_total",
                              "Containers on kubelets' pages that were not taken: foreign belongs to another "
                              "node's pod, over_limit to one of too many unknown pods, nameless has no full "
                              "name, twice has lines that contradict each other (the node's own, too).",
                              MetricType::counter};
constexpr Family kRatesLeftOut{"topd_rates_left_out_total",
                               "Rates that are not served: clock_set is across a setting of the node's "
                               "clock, impossible more than twice the node's capacity.",
                               MetricType::counter};
constexpr Family kRepeating{"topd_nodes_repeating_samples",
                            "Nodes whose pages come and have shown nothing new for a long time.",
                            MetricType::gauge};
constexpr Family kSummaries{"topd_kubelet_summaries_total",
                            "Requests for /stats/summary that have ended, by what came of them.",
                            MetricType::counter};
constexpr Family kSummaryLeftOut{"topd_kubelet_summary_left_out_total",
                                 "What kubelets' summaries held and was not taken: field is no number, thing "
                                 "a pod, container or volume that could not be read, foreign a pod that is "
                                 "not the node's.",
                                 MetricType::counter};
constexpr Family kLate{"topd_kubelet_scrapes_late_total",
                       "Scrapes that were sent more than 100 ms after they were due.", MetricType::counter};
constexpr Family kWorstDelay{"topd_kubelet_scrape_worst_delay_seconds",
                             "The longest time by which a scrape was sent too late, since the start.",
                             MetricType::gauge};
constexpr Family kSkipped{"topd_kubelet_scrapes_skipped_total",
                          "Scrapes that were not sent because the node's last one was still running.",
                          MetricType::counter};
constexpr Family kExtra{"topd_kubelet_scrapes_extra_total",
                        "Scrapes that were sent before their time, to nodes with new containers.",
                        MetricType::counter};
constexpr Family kRunning{"topd_kubelet_scrapes_running", "Scrapes under way.", MetricType::gauge};
constexpr Family kNodes{"topd_nodes", "Nodes by what came of their last scrape; pending: there was none yet.",
                        MetricType::gauge};

void write_requests(MetricsText& text, const ScraperStats& stats) {
    std::uint64_t failed = 0;
    for (std::size_t i = 0; i < stats.scrapes.size(); ++i)
        if (static_cast<Reason>(i) != Reason::ok) failed += stats.scrapes[i];
    text.begin(kTotal);
    text.sample({{"success", "false"}}, failed);
    text.sample({{"success", "true"}}, stats.scrapes[static_cast<std::size_t>(Reason::ok)]);
    text.begin(kErrors);
    for (std::size_t i = 0; i < stats.scrapes.size(); ++i) {
        const auto reason = static_cast<Reason>(i);
        // What was stopped counts as nothing.
        if (reason == Reason::ok || reason == Reason::stopped) continue;
        text.sample({{"reason", label(reason)}}, stats.scrapes[i]);
    }
}

void write_pages(MetricsText& text, const ScraperStats& stats) {
    text.begin(kBadLines);
    text.sample({}, stats.bad_lines);
    text.begin(kRowsLeftOut);
    text.sample({{"reason", "foreign"}}, stats.left_out.foreign);
    text.sample({{"reason", "nameless"}}, stats.left_out.nameless);
    text.sample({{"reason", "over_limit"}}, stats.left_out.over_limit);
    text.sample({{"reason", "twice"}}, stats.left_out.twice);
    text.begin(kRatesLeftOut);
    text.sample({{"reason", "clock_set"}}, stats.left_out.clock_set);
    text.sample({{"reason", "impossible"}}, stats.left_out.impossible);
    text.begin(kRepeating);
    text.sample({}, std::uint64_t{stats.repeating});
}

void write_summaries(MetricsText& text, const StatsCounts& counts) {
    text.begin(kSummaries);
    for (std::size_t i = 0; i < counts.results.size(); ++i)
        if (static_cast<Reason>(i) != Reason::stopped)
            text.sample({{"result", label(static_cast<Reason>(i))}}, counts.results[i]);
    text.begin(kSummaryLeftOut);
    text.sample({{"what", "field"}}, counts.bad_fields);
    text.sample({{"what", "foreign"}}, counts.foreign);
    text.sample({{"what", "thing"}}, counts.bad_things);
}

void write_schedule(MetricsText& text, const ScraperStats& stats) {
    text.begin(kLate);
    text.sample({}, stats.late);
    text.begin(kWorstDelay);
    text.sample({}, std::chrono::duration<double>{stats.worst_delay}.count());
    text.begin(kSkipped);
    text.sample({}, stats.skipped);
    text.begin(kExtra);
    text.sample({}, stats.extra);
    text.begin(kRunning);
    text.sample({}, std::uint64_t{stats.running});
    text.begin(kNodes);
    text.sample({{"state", "failing"}}, std::uint64_t{stats.failing});
    text.sample({{"state", "ok"}}, std::uint64_t{stats.ok});
    text.sample({{"state", "pending"}}, std::uint64_t{stats.pending});
    text.sample({{"state", "unsupported"}}, std::uint64_t{stats.unsupported});
}

void write_ticks(MetricsText& text, const telemetry::Histogram& ticks) {
    text.begin(kTicks);
    text.histogram({}, ticks.bounds(), ticks.counts(), ticks.sum());
}

// A family with the label "node". `write` writes one node's.
template <class Write>
telemetry::MetricsPage::WriteSome by_node(const Scraper& scraper, const Family& family, Write write) {
    return [&scraper, &family, write](MetricsText& text, std::string& last_node) {
        if (last_node.empty()) text.begin(family);
        text.resume(family);
        bool more = false;
        const std::string after = last_node;
        scraper.visit_requests(after, [&](const std::string& node, const RequestDurations& requests) {
            // Not asked yet.
            if (requests.last == 0) return true;
            write(text, node, requests);
            more = text.full();
            if (more) last_node = node;
            return !more;
        });
        return more;
    };
}

void write_durations(MetricsText& text, const std::string& node, const RequestDurations& requests) {
    text.histogram({{"node", node}}, telemetry::kDefaultBounds, requests.counts, requests.sum);
}

void write_last_time(MetricsText& text, const std::string& node, const RequestDurations& requests) {
    text.sample({{"node", node}}, std::uint64_t{requests.last});
}

}  // namespace

void add_metrics(telemetry::MetricsPage& page, const Scraper& scraper) {
    page.add([&scraper](MetricsText& text) {
        const ScraperStats stats = scraper.stats();
        write_ticks(text, scraper.longest_lags());
        write_requests(text, stats);
        write_pages(text, stats);
        write_schedule(text, stats);
        if (stats.stats) write_summaries(text, *stats.stats);
    });
    page.add_long(by_node(scraper, kDurations, write_durations));
    page.add_long(by_node(scraper, kLastTime, write_last_time));
}

}  // namespace scraper
