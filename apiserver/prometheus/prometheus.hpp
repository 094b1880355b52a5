// SPDX-License-Identifier: Apache-2.0
// Prometheus' HTTP API, read-only, over any source of series: query, query_range, series, labels,
// label/NAME/values, metadata and status/buildinfo below /api/v1/, /-/healthy and /-/ready
// (prometheus/prometheus, web/api/v1/api.go). The language is that of docs/decisions/0025-query.md.
#pragma once

#include "apiserver/compression/byte_budget.hpp"
#include "apiserver/compression/compression.hpp"
#include "apiserver/prometheus/form.hpp"
#include "apiserver/prometheus/parameters.hpp"
#include "apiserver/prometheus/route.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/turns/turns.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"
#include "query/evaluation.hpp"
#include "query/limits.hpp"
#include "query/listing.hpp"
#include "query/source/series.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

// What /metadata tells of one metric.
struct MetricMetadata {
    std::string_view name;
    // counter or gauge.
    std::string_view type;
    std::string_view help;
    std::string_view unit;
};

// The Prometheus whose answers these are, as /status/buildinfo tells it: clients choose by it how to ask.
inline constexpr std::string_view kPrometheusVersion = "3.0.0";

struct PrometheusOptions {
    // Unix time in milliseconds.
    std::function<query::Millis()> wall_clock;
    std::function<net::Clock::time_point()> monotonic_clock = net::Clock::now;
    // In the order in which it is told. The texts must outlive the API.
    std::vector<MetricMetadata> metadata;
    // Behind it: of metrics that come and go. May be unset.
    using TellMetadata = std::function<void(const MetricMetadata&)>;
    std::function<void(const TellMetadata&)> changing_metadata;
    // As /status/buildinfo tells it.
    std::string revision;
    // Of one query or listing.
    query::Limits limits;
    // How long one may take, waiting for its turn included: of a client that does not say, and of any.
    std::chrono::milliseconds timeout{30'000};
    std::chrono::milliseconds longest_timeout{120'000};
    // How many wait while one is evaluated, and how long; others are told to come again.
    std::size_t waiting = 16;
    std::chrono::milliseconds longest_wait{10'000};
    // What is done before others run: see Evaluation::step().
    std::size_t turn_units = 100'000;
    // What answers that are being sent may take together, beside 128 KiB of each. One alone may always.
    std::size_t answer_bytes = std::size_t{64} * 1024 * 1024;
};

class Prometheus {
  public:
    // The source must outlive it, and it its answers.
    Prometheus(const query::SeriesSource& source, PrometheusOptions options);

    // `path` is that of the request's target, decoded. nullopt: it is none of these. One query or listing is
    // evaluated at a time, in small steps between which the event loop goes on.
    net::Task<std::optional<net::Response>> respond(const net::Request& request, std::string_view path,
                                                    const Query& query);

  private:
    net::Task<net::Response> answer(const net::Request& request, PrometheusRoute route, const Query& query);
    net::Task<net::Response> answer_query(const net::Request& request, QueryRequest asked);
    net::Task<net::Response> answer_listing(const net::Request& request, PrometheusRoute route,
                                            const QueryForm& form);
    net::Response answer_metadata(const MetadataRequest& asked) const;
    net::Response answer_build() const;

    query::Result<std::unique_ptr<query::Evaluation>> begin(const QueryRequest& asked,
                                                            net::Deadline deadline) const;
    template <class Stepped>
    net::Task<bool> finish(Stepped& stepped);
    net::Deadline deadline_of(std::optional<std::chrono::nanoseconds> timeout) const;
    net::Task<std::optional<Turns::Turn>> turn(net::Deadline deadline);

    const query::SeriesSource& source_;
    PrometheusOptions options_;
    Turns turns_;
    ByteBudget answers_;
    Compression compression_;
};

}  // namespace apiserver
