// SPDX-License-Identifier: Apache-2.0
// The scraper's families on the page of metrics: those of metrics-server (pkg/scraper/scraper.go,
// pkg/server/server.go) under its names, and our own.
#pragma once

#include "scraper/scraper.hpp"
#include "telemetry/metrics.hpp"

namespace scraper {

// The scraper must outlive the page. A node's series go with the node.
void add_metrics(telemetry::MetricsPage& page, const Scraper& scraper);

}  // namespace scraper
