// SPDX-License-Identifier: Apache-2.0
// Counts and times of requests to API servers: client-go's families (k8s.io/component-base,
// metrics/prometheus/restclient).
#pragma once

#include "telemetry/metrics.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace kube {

class ClientMetrics {
  public:
    // The head of an answer came, or none ever will: status 0. Watches count when they begin.
    void answered(std::string_view method, std::string_view host, unsigned status,
                  std::chrono::nanoseconds took);

    void write(telemetry::MetricsText& text) const;

  private:
    static constexpr std::array<double, 12> kBounds{.005, .025, .1, .25, .5, 1, 2, 4, 8, 15, 30, 60};

    struct Requests {
        std::map<unsigned, std::uint64_t> statuses;
        telemetry::Histogram durations{kBounds};
    };

    // By host and method. The hosts are those of our configuration.
    std::map<std::pair<std::string, std::string>, Requests> requests_;
};

}  // namespace kube
