// SPDX-License-Identifier: Apache-2.0
#include "topd/health.hpp"

#include "telemetry/log.hpp"

#include <utility>

namespace topd {
namespace {

using apiserver::always_healthy;
using apiserver::HealthCheck;

// Those that cannot fail here; dashboards and `?exclude=` know their names.
std::vector<HealthCheck> common_checks() {
    return {always_healthy("ping"), always_healthy("log"),
            always_healthy("poststarthook/max-in-flight-filter"),
            always_healthy("poststarthook/storage-object-count-tracker-hook")};
}

std::optional<std::string> synced(const kube::Reflector& reflector) {
    if (reflector.synced()) return std::nullopt;
    const std::string why = reflector.last_error();
    return "not yet listed" + (why.empty() ? why : ": " + why);
}

}  // namespace

std::vector<HealthCheck> Health::livez() {
    std::vector<HealthCheck> checks = common_checks();
    checks.push_back(watched("metric-collection-timely", [this] { return collection_timely(); }));
    checks.push_back(watched("metadata-informer-sync", [this] { return synced(parts_.pods); }));
    return checks;
}

std::vector<HealthCheck> Health::readyz() {
    std::vector<HealthCheck> checks = common_checks();
    checks.push_back(watched("metric-storage-ready", [this] { return storage_ready(); }));
    checks.push_back(watched("metric-informer-sync", [this] { return synced(parts_.nodes); }));
    checks.push_back(watched("metadata-informer-sync", [this] { return synced(parts_.pods); }));
    checks.push_back(watched("shutdown", [this] { return shutdown(); }));
    return checks;
}

Health::Failure Health::storage_ready() const {
    if (parts_.store.has_node_usage() && parts_.store.has_pod_usage()) return std::nullopt;
    return "no metrics to serve";
}

// The scraper's loop is alive. Before its first pass it has not been late.
Health::Failure Health::collection_timely() const {
    const auto last = parts_.scraper.stats().last_tick;
    if (last == net::Clock::time_point{} || net::Clock::now() - last <= parts_.resolution * 3 / 2)
        return std::nullopt;
    return "metric collection didn't finish on time";
}

Health::Failure Health::shutdown() const {
    if (!stopping_) return std::nullopt;
    return "process is shutting down";
}

HealthCheck Health::watched(std::string name, std::function<Failure()> failure) {
    auto check = [this, name, failure = std::move(failure)] {
        Failure why = failure();
        std::string& said = said_[name];
        if (why && *why != said)
            telemetry::info("Failed probe",
                            {{"probe", name}, {"err", *why}, {"scraping", parts_.scraper.summary()}});
        said = why.value_or("");
        return why;
    };
    return {std::move(name), std::move(check)};
}

}  // namespace topd
