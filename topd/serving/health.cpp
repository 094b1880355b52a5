// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/health.hpp"

#include "scraper/node/first_figures.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace topd {
namespace {

using apiserver::always_healthy;
using apiserver::HealthCheck;
using Reader = HealthCheck::Reader;

// A cause that changed is logged again after this long: while nodes are scraped for the first time it changes
// with each of them.
constexpr std::chrono::minutes kSayAgainAfter{1};
constexpr std::chrono::seconds kCauseLasts{1};

// Those that cannot fail here; dashboards and `?exclude=` know their names.
std::vector<HealthCheck> common_checks() {
    return {always_healthy("ping"), always_healthy("log"),
            always_healthy("poststarthook/max-in-flight-filter"),
            always_healthy("poststarthook/storage-object-count-tracker-hook")};
}

// A list that has not come is asked for again and again: a restart would not bring it. So in healthz and
// livez, where metrics-server fails, it is none of their business.
HealthCheck sync_is_not_asked_for() {
    return always_healthy("metadata-informer-sync");
}

Health::Time never() {
    return {};
}

}  // namespace

std::vector<HealthCheck> Health::healthz() {
    std::vector<HealthCheck> checks = common_checks();
    checks.push_back(sync_is_not_asked_for());
    return checks;
}

std::vector<HealthCheck> Health::livez() {
    std::vector<HealthCheck> checks = common_checks();
    checks.push_back(watched("metric-collection-timely", [this] { return collection_timely(); }, {}));
    checks.push_back(sync_is_not_asked_for());
    return checks;
}

std::vector<HealthCheck> Health::readyz() {
    const auto synced = [](const kube::Reflector& reflector) -> Failure {
        if (reflector.synced()) return std::nullopt;
        return "not yet listed";
    };
    const auto last_error = [](const kube::Reflector& reflector, Reader reader) {
        return reader == Reader::authorized ? reflector.last_error() : std::string{};
    };
    std::vector<HealthCheck> checks = common_checks();
    checks.push_back(watched(
        "metric-storage-ready", [this] { return storage_ready(); },
        [this](Reader reader) { return what_is_missing(reader); }));
    checks.push_back(watched(
        "metric-informer-sync", [this, synced] { return synced(parts_.nodes); },
        [this, last_error](Reader reader) { return last_error(parts_.nodes, reader); }));
    checks.push_back(watched(
        "metadata-informer-sync", [this, synced] { return synced(parts_.pods); },
        [this, last_error](Reader reader) { return last_error(parts_.pods, reader); }));
    checks.push_back(watched("shutdown", [this] { return shutdown(); }, {}));
    return checks;
}

// There is something to serve, or there is nothing that could be served.
Readiness::Figures Health::figures(const scraper::FirstFigures& first) const {
    using Figures = Readiness::Figures;
    const storage::Store& store = parts_.store;
    if (!parts_.nodes.synced() || !parts_.pods.synced()) return Figures::unknown;
    // No node is mostly a --node-selector that selects none.
    if (store.node_count() == 0 && store.pod_count() > 0) return Figures::unknown;
    const bool nodes = store.has_node_usage() || store.node_count() == 0;
    const bool pods = store.has_pod_usage() || store.pod_count() == 0;
    if (!nodes || !pods) return Figures::none;
    return first.awaited > 0 ? Figures::some : Figures::all;
}

Health::Failure Health::storage_ready() {
    using State = Readiness::State;
    scraper::FirstFigures first;
    if (state_ == State::starting) first = parts_.scraper.first_figures();
    const Time start_ends = std::max(begun_, first.since) + parts_.start;
    const State before =
        std::exchange(state_, readiness_.observe(figures(first), start_ends, parts_.clock()));
    if (before != State::held && state_ == State::held)
        telemetry::warning("No metrics to serve, readyz will fail if it stays so",
                           {{"in", std::to_string(Readiness::kHold.count()) + "s"},
                            {"cause", what_is_missing(Reader::authorized)}});
    if (before == State::held && state_ == State::ready) telemetry::info("Metrics can be served again");
    if (state_ == State::ready || state_ == State::held) return std::nullopt;
    return "no metrics to serve";
}

std::string Health::what_is_missing(Reader reader) {
    if (state_ == Readiness::State::ready) return {};
    const Time now = parts_.clock();
    KeptCause& kept = causes_[reader];
    if (kept.at == never() || now - kept.at >= kCauseLasts) kept = {now, why_no_figures(reader)};
    return kept.text;
}

std::string Health::why_no_figures(Reader reader) const {
    const storage::Store& store = parts_.store;
    if (!parts_.nodes.synced() || !parts_.pods.synced()) return "the nodes or the pods are not yet listed";
    if (store.node_count() == 0) return "there is no node, or --node-selector selects none";
    const auto names =
        reader == Reader::authorized ? scraper::Summary::Names::shown : scraper::Summary::Names::withheld;
    std::string text = parts_.scraper.summary(names);
    if (!store.has_node_usage())
        text += "; no node has figures";
    else if (!store.has_pod_usage() && store.pod_count() > 0)
        text += "; none of " + std::to_string(store.pod_count()) + " pods has figures";
    const scraper::FirstFigures first = parts_.scraper.first_figures();
    if (state_ == Readiness::State::starting && first.awaited > 0)
        text += fmt::format("; waiting for first figures: {} of {} nodes have two samples", first.complete,
                            first.nodes);
    return text;
}

// The scraper's loop goes round: it does so every few seconds, whatever the nodes do. If the process hung it
// could not answer at all; this is for a loop that has ended by itself. Before its first pass it is not late.
Health::Failure Health::collection_timely() const {
    const Time last = parts_.scraper.last_tick();
    if (last == never() || parts_.clock() - last <= parts_.resolution * 3 / 2) return std::nullopt;
    return "metric collection didn't finish on time";
}

Health::Failure Health::shutdown() const {
    if (!stopping_) return std::nullopt;
    return "process is shutting down";
}

HealthCheck Health::watched(std::string name, std::function<Failure()> failure, Cause cause) {
    auto check = [this, name, failure = std::move(failure), cause] {
        Failure why = failure();
        say(name, why, cause);
        return why;
    };
    return {std::move(name), std::move(check), std::move(cause)};
}

void Health::say(const std::string& name, const Failure& why, const Cause& cause) {
    const auto at = said_.find(name);
    if (!why) {
        if (at == said_.end()) return;
        said_.erase(at);
        telemetry::info("Probe passes", {{"probe", name}});
        return;
    }
    const Time now = parts_.clock();
    const bool same = at != said_.end() && at->second.error == *why;
    if (same && now - at->second.at < kSayAgainAfter) return;
    std::string text = cause ? cause(Reader::authorized) : std::string{};
    if (same && at->second.cause == text) return;
    if (text.empty())
        telemetry::info("Failed probe", {{"probe", name}, {"err", *why}});
    else
        telemetry::info("Failed probe", {{"probe", name}, {"err", *why}, {"cause", text}});
    said_[name] = Said{*why, std::move(text), now};
}

}  // namespace topd
