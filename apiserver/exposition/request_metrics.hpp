// SPDX-License-Identifier: Apache-2.0
// What the server was asked, what it answered and how long that took: the families that every Kubernetes API
// server has (k8s.io/apiserver, pkg/endpoints/metrics and pkg/endpoints/filters/metrics.go), with their
// labels and buckets. Unlike there, a request that was refused or denied counts as well.
#pragma once

#include "apiserver/access.hpp"
#include "apiserver/exposition/request_key.hpp"
#include "apiserver/exposition/watermark.hpp"
#include "net/http/message.hpp"
#include "telemetry/metrics.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace apiserver {

// Instead of user names, which nobody should find here (compressUsername).
inline constexpr std::array<std::string_view, 7> kUserClasses{
    "admin", "client", "email_id", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default",
    "other"};

class RequestMetrics {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Clock = std::function<Time()>;

    RequestMetrics(RequestSubjects subjects, Clock clock)
        : subjects_{std::move(subjects)}, clock_{std::move(clock)} {}
    RequestMetrics(const RequestMetrics&) = delete;
    RequestMetrics& operator=(const RequestMetrics&) = delete;

    // One request, from its beginning until its answer was sent. The metrics must outlive it.
    class Measure {
      public:
        explicit Measure(RequestMetrics& metrics) : metrics_{&metrics}, begun_{metrics.clock_()} {}
        Measure(Measure&& other) noexcept;
        Measure& operator=(Measure&&) = delete;
        ~Measure();

        // What it turned out to be about. From now on it is in flight; a watch never is, as it would be there
        // for ever.
        void about(std::string_view method, const RequestInfo& info);
        // Who asks is known, or is not; and whether they may.
        void authenticated(const AuthResult& identity);
        void authorized(const Decision& decision);
        // The answer is counted now, or once its body was sent or given up.
        static void answered(Measure measure, net::Response& response);
        // Counts it. Once, at the end.
        void end(unsigned status, std::uint64_t body_bytes);

      private:
        std::chrono::nanoseconds lap();

        RequestMetrics* metrics_;
        Time begun_;
        Time lap_ = begun_;
        RequestKey key_;
        Watermark* in_flight_ = nullptr;
    };

    void write(telemetry::MetricsText& text);

  private:
    static constexpr std::array<double, 23> kDurationBounds{
        .005, .025, .05, .1, .2, .4, .6, .8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60};
    static constexpr std::array<double, 7> kSizeBounds = telemetry::exponential_bounds<7>(1000, 10);
    static constexpr std::array<double, 15> kAccessBounds = telemetry::exponential_bounds<15>(.001, 2);

    struct Requests {
        // Status and number. There are few.
        std::vector<std::pair<unsigned, std::uint64_t>> statuses;
        telemetry::Histogram durations{kDurationBounds};
        telemetry::Histogram sizes{kSizeBounds};
    };

    void write_totals(telemetry::MetricsText& text) const;
    void write_durations(telemetry::MetricsText& text) const;
    void write_sizes(telemetry::MetricsText& text) const;
    void write_users(telemetry::MetricsText& text) const;

    const RequestSubjects subjects_;
    Clock clock_;
    std::map<RequestKey, Requests> requests_;
    Watermark reading_;
    Watermark mutating_;
    // error, failure, success.
    std::array<telemetry::Histogram, 3> authentication_{telemetry::Histogram{kAccessBounds},
                                                        telemetry::Histogram{kAccessBounds},
                                                        telemetry::Histogram{kAccessBounds}};
    std::array<std::uint64_t, kUserClasses.size()> users_{};
    // By Decision::Verdict.
    std::array<telemetry::Histogram, 3> authorization_{telemetry::Histogram{kAccessBounds},
                                                       telemetry::Histogram{kAccessBounds},
                                                       telemetry::Histogram{kAccessBounds}};
};

}  // namespace apiserver
