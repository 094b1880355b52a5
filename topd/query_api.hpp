// SPDX-License-Identifier: Apache-2.0
// Prometheus' query API over what topd keeps.
#pragma once

#include "apiserver/prometheus/prometheus.hpp"
#include "series/source.hpp"

#include <cstddef>

namespace topd {

class QueryApi {
  public:
    // All must outlive it. `bytes`: what a query holds, and as much again the answers that are being sent.
    QueryApi(const storage::history::History& history, const storage::Store& store, series::Extras extras,
             std::size_t bytes);

    apiserver::Prometheus& api() { return api_; }

  private:
    series::Source source_;
    apiserver::Prometheus api_;
};

}  // namespace topd
