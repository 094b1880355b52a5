// SPDX-License-Identifier: Apache-2.0
// The page of metrics, put together (docs/metrics.md lists its families).
#pragma once

#include "apiserver/api.hpp"
#include "kube/client_metrics.hpp"
#include "net/http/server.hpp"
#include "scraper/scraper.hpp"
#include "storage/history/history.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/store.hpp"
#include "telemetry/metrics.hpp"
#include "topd/access.hpp"
#include "topd/custom_metrics.hpp"
#include "topd/sinks.hpp"
#include "topd/state/state_file.hpp"

#include <optional>

namespace topd {

struct MeasuredParts {
    const scraper::Scraper& scraper;
    const storage::Store& store;
    // Null: none is kept.
    const storage::history::History* history;
    // Null: kubelets are not asked for /stats/summary.
    const storage::stats::StatsHistory* stats;
    // Null: --state-file is not set.
    const StateFile* state;
    // Null without --sink.
    const Sinks* sinks;
    // Null without --custom-metrics.
    const CustomMetrics* custom_metrics;
    apiserver::Api& api;
    const Access& access;
    const kube::ClientMetrics& api_requests;
    const std::optional<net::HttpServer>& server;
};

// The parts must outlive the page.
void add_families(telemetry::MetricsPage& page, const MeasuredParts& parts);

}  // namespace topd
