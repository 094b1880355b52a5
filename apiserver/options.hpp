// SPDX-License-Identifier: Apache-2.0
// What an Api is told, without what it is made of.
#pragma once

#include "apiserver/debug/options.hpp"
#include "apiserver/groups/metrics/options.hpp"
#include "apiserver/health.hpp"
#include "apiserver/in_flight_limits.hpp"
#include "version/version.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace telemetry {
class MetricsPage;
}

namespace apiserver {

class Graphs;
class Group;
class Prometheus;
class Ui;

struct ApiOptions {
    // Shown by /version and by discovery.
    std::string version = version::number();
    std::string server_address = ":443";
    std::vector<HealthCheck> healthz;
    std::vector<HealthCheck> livez;
    std::vector<HealthCheck> readyz;
    MetricsOptions metrics;
    DebugOptions debug;
    // Beside metrics.k8s.io, and behind it.
    std::vector<std::shared_ptr<Group>> groups;
    // The two APIs for graphs, for those who may read their paths; null: there are no such paths. Must
    // outlive the Api.
    Graphs* graphs = nullptr;
    // Prometheus' HTTP API, in the same way.
    Prometheus* prometheus = nullptr;
    // The page for browsers, in the same way.
    Ui* ui = nullptr;
    // /metrics; null: there is no such path. Must outlive the Api.
    const telemetry::MetricsPage* page = nullptr;
    // When the process was started, Unix time.
    std::int64_t started = 0;
    InFlightLimits in_flight;
    // --request-timeout
    std::chrono::nanoseconds request_timeout{std::chrono::minutes{1}};
    // The header of that name in every answer; empty: none.
    std::string strict_transport_security;
    std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;
};

}  // namespace apiserver
