// SPDX-License-Identifier: Apache-2.0
// Answers of Prometheus' HTTP API.
#pragma once

#include "apiserver/list/byte_budget.hpp"
#include "apiserver/turns/parts.hpp"
#include "net/http/message.hpp"
#include "query/error.hpp"
#include "query/evaluation.hpp"
#include "query/source/labels.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kTruncated = "results truncated due to limit";

// {"status":"error","errorType":TYPE,"error":TEXT}
net::Response answer_api_error(unsigned code, std::string_view type, std::string_view text);
// 400, 422 or 503, by its type.
net::Response answer_api_error(const query::Error& error);
// 503, to be asked again in a second.
net::Response answer_busy();

// {"status":"success","data":DATA}
net::Response answer_data(std::string_view data);

// Parts of 200, each a few hundred microseconds of work. What they write they free; the lease is held until
// they are written.
using Warnings = std::vector<std::string_view>;
std::unique_ptr<Parts> query_parts(query::Answer answer, Warnings warnings, ByteBudget::Lease lease);
std::unique_ptr<Parts> series_parts(std::set<query::Labels> series, Warnings warnings,
                                    ByteBudget::Lease lease);
std::unique_ptr<Parts> texts_parts(std::set<std::string, std::less<>> texts, Warnings warnings,
                                   ByteBudget::Lease lease);

}  // namespace apiserver
