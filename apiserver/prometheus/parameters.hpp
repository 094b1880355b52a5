// SPDX-License-Identifier: Apache-2.0
// What the endpoints of Prometheus' HTTP API are asked, read from their parameters, with its errors:
// bad_data, `invalid parameter "NAME": ...` (web/api/v1/api.go). Views are into the form.
#pragma once

#include "apiserver/prometheus/form.hpp"
#include "query/error.hpp"
#include "query/evaluation.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace apiserver {

// Unix seconds, rounded to milliseconds, or RFC 3339. Times that no query reaches are moved to the nearest
// that one may ask for, some 285,000 years from here.
query::Result<query::Millis> parse_query_time(std::string_view text);

// Seconds, or 1h30m. May be negative.
query::Result<std::chrono::nanoseconds> parse_query_duration(std::string_view text);

struct QueryRequest {
    std::string_view text;
    std::variant<query::InstantQuery, query::RangeQuery> when;
    // How long the client will wait; nullopt: it does not say.
    std::optional<std::chrono::nanoseconds> timeout;
    // Series in the answer. 0: all.
    std::size_t limit = 0;
};
query::Result<QueryRequest> read_instant_query(const QueryForm& form, query::Millis now);
query::Result<QueryRequest> read_range_query(const QueryForm& form);

struct ListingRequest {
    // match[], not parsed.
    std::vector<std::string_view> selectors;
    query::MillisRange range;
    std::size_t limit = 0;
};
enum class Selectors { required, optional };
query::Result<ListingRequest> read_listing(const QueryForm& form, Selectors selectors);

struct MetadataRequest {
    // Empty: all.
    std::string_view metric;
    // Negative: no limit.
    std::int64_t limit = -1;
    std::int64_t limit_per_metric = -1;
};
query::Result<MetadataRequest> read_metadata_request(const QueryForm& form);

}  // namespace apiserver
