// SPDX-License-Identifier: Apache-2.0
// /metrics: the page of topd's own metrics, sent as it is written.
#pragma once

#include "apiserver/compression/byte_budget.hpp"
#include "net/http/message.hpp"
#include "telemetry/metrics.hpp"

#include <cstddef>
#include <cstdint>

namespace apiserver {

class Exposition {
  public:
    // Longer pages are sent in pieces of about this size, and others run between them.
    static constexpr std::size_t kPieceBytes = 64 * 1024;
    // Pages that are compressed at the same time; a further one is sent as it is.
    static constexpr std::size_t kCompressed = 4;

    // The page must outlive it and its answers. `started`: of the process, Unix time in seconds, for
    // Process-Start-Time-Unix (client_golang promhttp).
    Exposition(const telemetry::MetricsPage& page, std::int64_t started);

    // Always in the text format, whatever Accept asks for; compressed when gzip is accepted, whatever its
    // length, as promhttp does.
    net::Response respond(const net::Request& request);

  private:
    const telemetry::MetricsPage& page_;
    std::int64_t started_;
    ByteBudget gzip_;
};

}  // namespace apiserver
