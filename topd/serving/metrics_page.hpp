// SPDX-License-Identifier: Apache-2.0
// The page of metrics, put together (docs/metrics.md lists its families).
#pragma once

#include "telemetry/metrics.hpp"

namespace topd {

struct Serving;

// `serving` must outlive the page.
void add_families(telemetry::MetricsPage& page, Serving& serving);

}  // namespace topd
