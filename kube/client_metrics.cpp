// SPDX-License-Identifier: Apache-2.0
#include "kube/client_metrics.hpp"

namespace kube {
namespace {

constexpr telemetry::Family kTotal{
    "rest_client_requests_total",
    "[ALPHA] Number of HTTP requests, partitioned by status code, method, and host.",
    telemetry::MetricType::counter};
constexpr telemetry::Family kDurations{"rest_client_request_duration_seconds",
                                       "[ALPHA] Request latency in seconds. Broken down by verb, and host.",
                                       telemetry::MetricType::histogram};

}  // namespace

void ClientMetrics::answered(std::string_view method, std::string_view host, unsigned status,
                             std::chrono::nanoseconds took) {
    Requests& requests = requests_[{std::string{host}, std::string{method}}];
    ++requests.statuses[status];
    requests.durations.observe(took);
}

void ClientMetrics::write(telemetry::MetricsText& text) const {
    text.begin(kTotal);
    for (const auto& [key, requests] : requests_) {
        for (const auto& [status, number] : requests.statuses) {
            const std::string code = telemetry::status_label(status);
            text.sample({{"code", code}, {"host", key.first}, {"method", key.second}}, number);
        }
    }
    text.begin(kDurations);
    for (const auto& [key, requests] : requests_) {
        const telemetry::Histogram& times = requests.durations;
        text.histogram({{"host", key.first}, {"verb", key.second}}, times.bounds(), times.counts(),
                       times.sum());
    }
}

}  // namespace kube
