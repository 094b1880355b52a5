// SPDX-License-Identifier: Apache-2.0
// RequestMetrics as families.
#include "apiserver/exposition/request_metrics.hpp"

#include <string>

namespace apiserver {
namespace {

using telemetry::Family;
using telemetry::MetricsText;
using telemetry::MetricType;

constexpr Family kTotal{
    "apiserver_request_total",
    "[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, "
    "resource, scope, component, and HTTP response code.",
    MetricType::counter};
constexpr Family kDurations{
    "apiserver_request_duration_seconds",
    "[STABLE] Response latency distribution in seconds for each verb, dry run value, group, version, "
    "resource, subresource, scope and component.",
    MetricType::histogram};
constexpr Family kSizes{
    "apiserver_response_sizes",
    "[STABLE] Response size distribution in bytes for each group, version, verb, resource, subresource, "
    "scope and component.",
    MetricType::histogram};
constexpr Family kInFlight{
    "apiserver_current_inflight_requests",
    "[STABLE] Maximal number of currently used inflight request limit of this apiserver per request kind in "
    "last second.",
    MetricType::gauge};
constexpr Family kUserRequests{"authenticated_user_requests",
                               "[ALPHA] Counter of authenticated requests broken out by username.",
                               MetricType::counter};
constexpr Family kAuthentications{"authentication_attempts", "[ALPHA] Counter of authenticated attempts.",
                                  MetricType::counter};
constexpr Family kAuthenticationTime{"authentication_duration_seconds",
                                     "[ALPHA] Authentication duration in seconds broken out by result.",
                                     MetricType::histogram};
constexpr Family kAuthorizations{
    "authorization_attempts_total",
    "[ALPHA] Counter of authorization attempts broken down by result. It can be either 'allowed', 'denied', "
    "'no-opinion' or 'error'.",
    MetricType::counter};
constexpr Family kAuthorizationTime{"authorization_duration_seconds",
                                    "[ALPHA] Authorization duration in seconds broken out by result.",
                                    MetricType::histogram};

constexpr std::array<std::string_view, 3> kAuthenticationResults{"error", "failure", "success"};
// By Decision::Verdict. Whom no rule allows a review calls not allowed, which is no denial to a webhook.
constexpr std::array<std::string_view, 3> kAuthorizationResults{"allowed", "no-opinion", "error"};

using Results = std::array<telemetry::Histogram, 3>;

void write_results(MetricsText& text, const Family& total, const Family& time, const Results& results,
                   const std::array<std::string_view, 3>& names) {
    text.begin(total);
    for (std::size_t i = 0; i < names.size(); ++i) text.sample({{"result", names[i]}}, results[i].count());
    text.begin(time);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const telemetry::Histogram& times = results[i];
        if (times.count() == 0) continue;
        text.histogram({{"result", names[i]}}, times.bounds(), times.counts(), times.sum());
    }
}

}  // namespace

void RequestMetrics::write(MetricsText& text) {
    write_totals(text);
    write_durations(text);
    write_sizes(text);
    const Time now = clock_();
    text.begin(kInFlight);
    text.sample({{"request_kind", "mutating"}}, std::uint64_t{mutating_.last_second(now)});
    text.sample({{"request_kind", "readOnly"}}, std::uint64_t{reading_.last_second(now)});
    write_users(text);
    write_results(text, kAuthentications, kAuthenticationTime, authentication_, kAuthenticationResults);
    write_results(text, kAuthorizations, kAuthorizationTime, authorization_, kAuthorizationResults);
}

void RequestMetrics::write_totals(MetricsText& text) const {
    text.begin(kTotal);
    for (const auto& [key, requests] : requests_) {
        const RequestLabels l = subjects_.labels(key);
        for (const auto& [status, number] : requests.statuses) {
            text.sample({{"code", std::to_string(status)},
                         {"component", l.component},
                         {"dry_run", ""},
                         {"group", l.group},
                         {"resource", l.resource},
                         {"scope", l.scope},
                         {"subresource", l.subresource},
                         {"verb", l.verb},
                         {"version", l.version}},
                        number);
        }
    }
}

void RequestMetrics::write_durations(MetricsText& text) const {
    text.begin(kDurations);
    for (const auto& [key, requests] : requests_) {
        const RequestLabels l = subjects_.labels(key);
        const telemetry::Histogram& times = requests.durations;
        text.histogram({{"component", l.component},
                        {"dry_run", ""},
                        {"group", l.group},
                        {"resource", l.resource},
                        {"scope", l.scope},
                        {"subresource", l.subresource},
                        {"verb", l.verb},
                        {"version", l.version}},
                       times.bounds(), times.counts(), times.sum());
    }
}

void RequestMetrics::write_sizes(MetricsText& text) const {
    text.begin(kSizes);
    for (const auto& [key, requests] : requests_) {
        const RequestLabels l = subjects_.labels(key);
        if (l.verb != "GET" && l.verb != "LIST") continue;
        const telemetry::Histogram& sizes = requests.sizes;
        text.histogram({{"component", l.component},
                        {"group", l.group},
                        {"resource", l.resource},
                        {"scope", l.scope},
                        {"subresource", l.subresource},
                        {"verb", l.verb},
                        {"version", l.version}},
                       sizes.bounds(), sizes.counts(), sizes.sum());
    }
}

void RequestMetrics::write_users(MetricsText& text) const {
    text.begin(kUserRequests);
    for (std::size_t i = 0; i < kUserClasses.size(); ++i)
        if (users_[i] > 0) text.sample({{"username", kUserClasses[i]}}, users_[i]);
}

}  // namespace apiserver
