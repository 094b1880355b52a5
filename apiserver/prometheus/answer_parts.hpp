// SPDX-License-Identifier: Apache-2.0
// Answers of Prometheus' HTTP API that may be long: parts of 200, each a few hundred microseconds of work.
// What they write they free; the lease is held until they are written.
#pragma once

#include "apiserver/compression/byte_budget.hpp"
#include "apiserver/turns/parts.hpp"
#include "query/evaluation.hpp"
#include "query/source/labels.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

inline constexpr std::string_view kTruncated = "results truncated due to limit";

using Warnings = std::vector<std::string_view>;
std::unique_ptr<Parts> query_parts(query::Answer answer, Warnings warnings, ByteBudget::Lease lease);
std::unique_ptr<Parts> series_parts(std::set<query::Labels> series, Warnings warnings,
                                    ByteBudget::Lease lease);
std::unique_ptr<Parts> texts_parts(std::set<std::string, std::less<>> texts, Warnings warnings,
                                   ByteBudget::Lease lease);

}  // namespace apiserver
