// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/metrics_page.hpp"

#include "apiserver/discovery/version.hpp"
#include "scraper/metrics.hpp"
#include "telemetry/log.hpp"
#include "telemetry/process_metrics.hpp"
#include "topd/serving/serving.hpp"
#include "version/version.hpp"

namespace topd {
namespace {

using telemetry::Family;
using telemetry::MetricsText;
using telemetry::MetricType;

constexpr Family kPoints{"metrics_server_storage_points", "[ALPHA] Number of metrics points stored.",
                         MetricType::gauge};
constexpr Family kObjects{"topd_watched_objects", "Nodes and pods that the API server shows.",
                          MetricType::gauge};
constexpr Family kHistoryReach{"topd_history_reach_seconds", "How far back history goes, by tier.",
                               MetricType::gauge};
constexpr Family kHistoryBytes{"topd_history_bytes", "Memory that history has taken.", MetricType::gauge};
constexpr Family kHistoryMemory{"topd_history_memory_bytes",
                                "Memory that history may take (--history-memory).", MetricType::gauge};
constexpr Family kHistorySeries{"topd_history_series", "Containers, nodes and sums of which history is kept.",
                                MetricType::gauge};
constexpr Family kHistoryRefused{"topd_history_refused_total",
                                 "Points, and things to begin a series of, that history had no memory for.",
                                 MetricType::counter};
constexpr Family kSummaryReach{"topd_summary_history_reach_seconds",
                               "How far back the history of kubelets' summaries goes, by tier.",
                               MetricType::gauge};
constexpr Family kSummaryBytes{"topd_summary_history_bytes",
                               "Memory that the history of kubelets' summaries has taken.",
                               MetricType::gauge};
constexpr Family kSummaryMemory{"topd_summary_history_memory_bytes",
                                "Memory that the history of kubelets' summaries may take, of "
                                "--history-memory.",
                                MetricType::gauge};
constexpr Family kSummaryThings{"topd_summary_history_things",
                                "Nodes, pods, containers and volumes of which summaries are kept.",
                                MetricType::gauge};
constexpr Family kSummaryRefused{"topd_summary_history_refused_total",
                                 "Points, and things to begin a series of, that the history of kubelets' "
                                 "summaries had no memory for.",
                                 MetricType::counter};
constexpr Family kStateTime{
    "topd_state_file_last_written_time_seconds",
    "Time when the state file was last written since unix epoch in seconds; 0: never.", MetricType::gauge};
constexpr Family kStateBytes{"topd_state_file_bytes", "Size of the state file as last written.",
                             MetricType::gauge};
constexpr Family kSinkSent{"topd_sink_points_sent_total", "Points that the sink's receiver took.",
                           MetricType::counter};
constexpr Family kSinkRepeated{"topd_sink_points_repeated_total",
                               "Points that the sink's receiver had already when they were sent again.",
                               MetricType::counter};
constexpr Family kSinkBytes{"topd_sink_bytes_sent_total", "Bytes of the points that were taken, as sent.",
                            MetricType::counter};
constexpr Family kSinkRefused{"topd_sink_points_refused_total",
                              "Points that the sink's receiver does not take; they are lost.",
                              MetricType::counter};
constexpr Family kSinkRetries{"topd_sink_retries_total", "Times that a batch had to be sent again.",
                              MetricType::counter};
constexpr Family kSinkDropped{"topd_sink_points_dropped_total",
                              "Points that did not fit into the sink's spool; they are lost.",
                              MetricType::counter};
constexpr Family kSinkLostTicks{"topd_sink_ticks_lost_total",
                                "Ticks that history had no more when the sink came to them.",
                                MetricType::counter};
constexpr Family kSinkWaiting{"topd_sink_points_waiting", "Points that wait to be sent.", MetricType::gauge};
constexpr Family kSinkQueue{"topd_sink_queue_bytes", "What the points that wait take.", MetricType::gauge};
constexpr Family kSinkFailures{"topd_sink_spool_failures_total",
                               "Times that the sink's spool could not be written or read.",
                               MetricType::counter};
constexpr Family kSinkLag{"topd_sink_lag_seconds",
                          "Age of the oldest tick that waits to be sent; 0: none does.", MetricType::gauge};
constexpr Family kStateFailures{"topd_state_file_failures_total",
                                "Times that the state file could not be written.", MetricType::counter};
constexpr Family kHandshakeErrors{"apiserver_tls_handshake_errors_total",
                                  "[ALPHA] Number of requests dropped with 'TLS handshake error from' error",
                                  MetricType::counter};
constexpr Family kConnections{"topd_server_connections", "Open connections to the server.",
                              MetricType::gauge};
constexpr Family kLostLines{"topd_log_lines_dropped_total",
                            "Lines of the log that were lost because it could not be written fast enough.",
                            MetricType::counter};
constexpr Family kBuild{
    "kubernetes_build_info",
    "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree "
    "state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it "
    "is running.",
    MetricType::gauge};

// A family of one figure without labels.
void single(MetricsText& text, const Family& family, std::uint64_t value) {
    text.begin(family);
    text.sample({}, value);
}

void write_store(MetricsText& text, const storage::Store& store) {
    text.begin(kPoints);
    text.sample({{"type", "container"}}, std::uint64_t{store.container_count()});
    text.sample({{"type", "node"}}, std::uint64_t{store.rated_node_count()});
    text.begin(kObjects);
    text.sample({{"resource", "nodes"}}, std::uint64_t{store.node_count()});
    text.sample({{"resource", "pods"}}, std::uint64_t{store.pod_count()});
}

void write_history(MetricsText& text, const storage::history::History& history) {
    const storage::history::Reach reach = history.reach();
    const auto span = [&](storage::history::Seconds from) {
        return from == 0 ? std::uint64_t{0} : static_cast<std::uint64_t>(reach.to - from);
    };
    text.begin(kHistoryReach);
    text.sample({{"tier", "long"}}, span(reach.long_from));
    text.sample({{"tier", "recent"}}, span(reach.recent_from));
    single(text, kHistoryBytes, reach.bytes);
    single(text, kHistoryMemory, history.options().memory);
    single(text, kHistorySeries, reach.series);
    text.begin(kHistoryRefused);
    text.sample({{"what", "point"}}, reach.refused_points);
    text.sample({{"what", "series"}}, reach.refused_series);
}

void write_stats(MetricsText& text, const storage::stats::StatsHistory& stats) {
    const storage::stats::StatsReach reach = stats.reach();
    text.begin(kSummaryReach);
    text.sample({{"tier", "long"}}, static_cast<std::uint64_t>(reach.longer));
    text.sample({{"tier", "recent"}}, static_cast<std::uint64_t>(reach.recent));
    single(text, kSummaryBytes, reach.bytes);
    single(text, kSummaryMemory, stats.options().memory);
    single(text, kSummaryThings, reach.things);
    text.begin(kSummaryRefused);
    text.sample({{"what", "point"}}, reach.refused_points);
    text.sample({{"what", "series"}}, reach.refused_things);
}

void write_state(MetricsText& text, const StateSaved& saved) {
    single(text, kStateTime, static_cast<std::uint64_t>(saved.at.count() / 1000));
    single(text, kStateBytes, saved.bytes);
    single(text, kStateFailures, saved.failures);
}

void write_reasons(MetricsText& text, const Family& family, const std::vector<sink::Report>& reports,
                   std::map<std::string, std::uint64_t> sink::Progress::*counts) {
    text.begin(family);
    for (const sink::Report& each : reports)
        for (const auto& [reason, count] : each.progress.*counts)
            text.sample({{"reason", reason}, {"sink", each.name}}, count);
}

void write_sinks(MetricsText& text, const Sinks& sinks) {
    const std::vector<sink::Report> reports = sinks.reports();
    const auto write = [&](const Family& family, auto value) {
        text.begin(family);
        for (const sink::Report& each : reports)
            text.sample({{"sink", each.name}}, static_cast<std::uint64_t>(value(each)));
    };
    write(kSinkSent, [](const sink::Report& each) { return each.progress.sent; });
    write(kSinkRepeated, [](const sink::Report& each) { return each.progress.already_there; });
    write(kSinkBytes, [](const sink::Report& each) { return each.progress.sent_bytes; });
    write_reasons(text, kSinkRefused, reports, &sink::Progress::refused);
    write_reasons(text, kSinkRetries, reports, &sink::Progress::retries);
    write(kSinkDropped, [](const sink::Report& each) { return each.waiting.dropped; });
    write(kSinkLostTicks, [](const sink::Report& each) { return each.progress.lost_ticks; });
    write(kSinkWaiting, [](const sink::Report& each) { return each.waiting.points; });
    write(kSinkQueue, [](const sink::Report& each) { return each.waiting.bytes; });
    write(kSinkFailures, [](const sink::Report& each) { return each.waiting.failures; });
    write(kSinkLag, [](const sink::Report& each) { return each.lag; });
}

void write_server(MetricsText& text, const net::HttpServer& server) {
    single(text, kHandshakeErrors, server.counts().handshake_errors);
    single(text, kConnections, server.open_connections());
}

// As much of it as a C++ program has; see VersionInfo.
void write_build(MetricsText& text) {
    const apiserver::VersionInfo info = apiserver::version_info(version::number());
    text.begin(kBuild);
    text.sample({{"build_date", ""},
                 {"compiler", info.compiler},
                 {"git_commit", ""},
                 {"git_tree_state", ""},
                 {"git_version", info.git_version},
                 {"go_version", ""},
                 {"major", info.major},
                 {"minor", info.minor},
                 {"platform", info.platform}},
                std::uint64_t{1});
}

}  // namespace

void add_families(telemetry::MetricsPage& page, Serving& serving) {
    page.add([&serving](MetricsText& text) {
        const Parts& parts = serving.parts;
        serving.api.write_metrics(text);
        serving.access.write_metrics(text);
        if (serving.server) write_server(text, *serving.server);
        parts.api_requests.write(text);
        write_store(text, parts.store);
        if (parts.history) write_history(text, *parts.history);
        if (parts.stats) write_stats(text, *parts.stats);
        if (parts.state) write_state(text, parts.state->saved());
        if (parts.sinks) write_sinks(text, *parts.sinks);
        if (parts.custom_metrics) parts.custom_metrics->write_metrics(text);
        single(text, kLostLines, telemetry::dropped_lines());
        write_build(text);
        write_process_metrics(text, telemetry::process_use());
    });
    scraper::add_metrics(page, serving.parts.scraper);
}

}  // namespace topd
