// SPDX-License-Identifier: Apache-2.0
#include "topd/custom_metrics.hpp"

#include "apiserver/groups/custom_metrics/custom_metrics_group.hpp"
#include "apiserver/groups/custom_metrics/kube_object_pods.hpp"
#include "files/read.hpp"
#include "net/tls/tls.hpp"
#include "scraper/applications/annotated_inventory.hpp"
#include "scraper/applications/application_scraper.hpp"
#include "scraper/applications/node_addresses.hpp"
#include "telemetry/log.hpp"
#include "version/version.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace topd {
namespace {

using scraper::PodOutcome;
using storage::applications::Refused;
using telemetry::Family;
using telemetry::MetricType;

constexpr Family kPods{"topd_custom_metrics_pods",
                       "Pods that are annotated to be scraped, and those of them that are in demand.",
                       MetricType::gauge};
constexpr Family kDemands{"topd_custom_metrics_demands", "Metrics of pods that are in demand.",
                          MetricType::gauge};
constexpr Family kBytes{"topd_custom_metrics_bytes", "Memory that what is in demand of pods has taken.",
                        MetricType::gauge};
constexpr Family kScrapes{"topd_custom_metrics_scrapes_total",
                          "Scrapes of pods that have ended, by what came of them.", MetricType::counter};
constexpr Family kRefused{"topd_custom_metrics_refused_total",
                          "Times that there was no room for what was asked of pods, by what there was too "
                          "much of.",
                          MetricType::counter};
constexpr Family kHistorySeries{"topd_custom_metrics_history_series",
                                "Metrics of pods of which there is history.", MetricType::gauge};
constexpr Family kHistoryBytes{"topd_custom_metrics_history_bytes",
                               "Memory that the history of pods' metrics has taken.", MetricType::gauge};
constexpr Family kHistoryRefused{"topd_custom_metrics_history_refused_total",
                                 "Metrics and points for which there was no room in their history.",
                                 MetricType::counter};
constexpr std::string_view kRefusedLabels[storage::applications::kRefused] = {
    "", "demands", "demands_of_namespace", "pods", "series", "bytes"};

// Empty: there is no such file.
std::string read_authorities(const Flags& flags) {
    const std::string& path = flags.custom_metrics_ca_file;
    if (path.empty()) return {};
    auto text = files::read(path);
    if (!text)
        throw std::runtime_error{
            fmt::format("--custom-metrics-ca-file: {}: {}", path, text.error().message())};
    return std::move(*text);
}

net::TlsClient tls_of(const Flags& flags, const std::string& authorities) {
    net::TlsClient::Options options;
    options.insecure = flags.custom_metrics_insecure_tls;
    options.ca_pem = authorities;
    auto made = net::TlsClient::make(options);
    if (!made)
        throw std::runtime_error{fmt::format("--custom-metrics-ca-file: {}: {}", flags.custom_metrics_ca_file,
                                             made.error().message())};
    return std::move(*made);
}

// nullopt: pods are not asked by https.
std::optional<scraper::PodTls> pod_tls(const Flags& flags, const std::string& authorities) {
    if (!custom_metrics_rules(flags).can_tls) return std::nullopt;
    return scraper::PodTls{tls_of(flags, authorities), flags.custom_metrics_insecure_tls};
}

storage::applications::ApplicationsOptions applications_options(const Flags& flags, std::size_t bytes) {
    storage::applications::ApplicationsOptions options;
    options.interval = flags.metric_resolution;
    options.timeout = scraper::PodScrapeLimits{}.whole;
    options.window = std::max(flags.custom_metrics_window, flags.metric_resolution);
    options.bytes = bytes;
    return options;
}

scraper::ApplicationScraperOptions scraper_options_of(const Flags& flags, const std::string& authorities) {
    scraper::ApplicationScraperOptions options;
    options.schedule.interval = flags.metric_resolution;
    options.rules = custom_metrics_rules(flags);
    options.tls = pod_tls(flags, authorities);
    options.user_agent = version::product();
    return options;
}

void write_history(telemetry::MetricsText& text, const storage::applications::FigureHistoryStats& stats) {
    text.begin(kHistorySeries);
    text.sample({}, std::uint64_t{stats.series});
    text.begin(kHistoryBytes);
    text.sample({}, std::uint64_t{stats.bytes});
    text.begin(kHistoryRefused);
    text.sample({{"what", "series"}}, stats.refused_series);
    text.sample({{"what", "points"}}, stats.refused_points);
}

apiserver::CustomMetricsOptions group_options(const Flags& flags) {
    apiserver::CustomMetricsOptions options;
    options.annotations = flags.custom_metrics_annotations;
    return options;
}

}  // namespace

struct CustomMetrics::Parts {
    Parts(const net::Executor& executor, const Flags& f, const kube::Config& cluster,
          const storage::Store& store, std::size_t bytes, storage::applications::FigureHistory* kept)
        : flags{f},
          history{kept},
          authorities{read_authorities(f)},
          applications{applications_options(f, bytes)},
          scraper_options{scraper_options_of(f, authorities)},
          objects{executor, cluster},
          group{std::make_shared<apiserver::CustomMetricsGroup>(applications, store, objects,
                                                                group_options(f))} {
        scraper::ApplicationScraperOptions options = scraper_options;
        options.rules.is_node = [this](const auto& address) { return nodes && nodes->has(address); };
        scraper.emplace(executor, std::move(options), cluster, applications);
    }

    Flags flags;
    // Null: none is kept.
    storage::applications::FigureHistory* history;
    std::string authorities;
    storage::applications::Applications applications;
    // Their TLS settings are the scraper's.
    scraper::ApplicationScraperOptions scraper_options;
    std::optional<scraper::NodeAddresses> nodes;
    std::optional<scraper::AnnotatedInventory> pods;
    std::optional<scraper::ApplicationScraper> scraper;
    apiserver::KubeObjectPods objects;
    std::shared_ptr<apiserver::CustomMetricsGroup> group;
};

CustomMetrics::CustomMetrics(net::Executor executor, const Flags& flags, const kube::Config& cluster,
                             const storage::Store& store, std::size_t bytes,
                             storage::applications::FigureHistory* history)
    : parts_{std::make_unique<Parts>(executor, flags, cluster, store, bytes, history)} {}
CustomMetrics::~CustomMetrics() = default;

kube::Observer<kube::Node>& CustomMetrics::before(kube::Observer<kube::Node>& next) {
    return parts_->nodes.emplace(next);
}

kube::Observer<kube::Pod>& CustomMetrics::before(kube::Observer<kube::Pod>& next) {
    return parts_->pods.emplace(parts_->applications, next);
}

std::shared_ptr<apiserver::Group> CustomMetrics::group() const {
    return parts_->group;
}

apiserver::ApplicationReports CustomMetrics::reports() const {
    apiserver::ApplicationReports reports;
    reports.applications = &parts_->applications;
    reports.annotations = parts_->flags.custom_metrics_annotations;
    reports.scrape = [this](const storage::PodKey& pod, apiserver::ApplicationScrape& out) {
        const auto report = parts_->scraper->report(pod);
        if (!report) return;
        out.url = report->url;
        out.outcome = scraper::label(report->last);
        if (report->next) out.next = *report->next;
    };
    return reports;
}

void CustomMetrics::read_authorities_again() {
    if (parts_->authorities.empty()) return;
    try {
        std::string now = read_authorities(parts_->flags);
        if (now == parts_->authorities) return;
        parts_->scraper_options.tls->client.replace(tls_of(parts_->flags, now));
        parts_->authorities = std::move(now);
        telemetry::info("Reloaded the authorities of pods");
    } catch (const std::runtime_error& error) {
        telemetry::paced_info("Kept the authorities of pods as they were", {{"err", error.what()}});
    }
}

void CustomMetrics::start(net::TaskGroup& group) {
    group.spawn(parts_->scraper->run(), "the scraper of pods");
}

void CustomMetrics::end_tick(storage::history::Seconds at, net::Clock::time_point now) {
    if (parts_->history != nullptr) parts_->applications.tell(*parts_->history, at, now);
}

void CustomMetrics::write_metrics(telemetry::MetricsText& text) const {
    const auto stats = parts_->applications.stats();
    text.begin(kPods);
    text.sample({{"state", "annotated"}}, std::uint64_t{stats.annotated});
    text.sample({{"state", "in_demand"}}, std::uint64_t{stats.pods});
    text.begin(kDemands);
    text.sample({}, std::uint64_t{stats.demands});
    text.begin(kBytes);
    text.sample({}, std::uint64_t{stats.bytes});
    text.begin(kScrapes);
    const auto scrapes = parts_->scraper->stats().scrapes;
    for (std::size_t i = 0; i < scrapes.size(); ++i)
        text.sample({{"result", scraper::label(static_cast<PodOutcome>(i))}}, scrapes[i]);
    text.begin(kRefused);
    for (std::size_t i = 1; i < storage::applications::kRefused; ++i)
        text.sample({{"what", kRefusedLabels[i]}}, stats.refused[i]);
    if (parts_->history != nullptr) write_history(text, parts_->history->stats());
    parts_->group->write_freshness(text);
}

scraper::EndpointRules custom_metrics_rules(const Flags& flags) {
    scraper::EndpointRules rules;
    rules.allow_loopback = flags.custom_metrics_allow_loopback;
    rules.allow_host_network = flags.custom_metrics_host_network;
    rules.can_tls = flags.custom_metrics_insecure_tls || !flags.custom_metrics_ca_file.empty();
    return rules;
}

std::optional<scraper::PodTls> custom_metrics_tls(const Flags& flags) {
    return pod_tls(flags, read_authorities(flags));
}

}  // namespace topd
