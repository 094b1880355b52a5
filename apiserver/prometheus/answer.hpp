// SPDX-License-Identifier: Apache-2.0
// Answers of Prometheus' HTTP API that are short; answer_parts.hpp has the others.
#pragma once

#include "net/http/message.hpp"
#include "query/error.hpp"

#include <string_view>

namespace apiserver {

inline constexpr std::string_view kJsonType = "application/json";

// {"status":"error","errorType":TYPE,"error":TEXT}
net::Response answer_api_error(unsigned code, std::string_view type, std::string_view text);
// 400, 422 or 503, by its type.
net::Response answer_api_error(const query::Error& error);
// 503, to be asked again in a second.
net::Response answer_busy();

// {"status":"success","data":DATA}
net::Response answer_data(std::string_view data);

}  // namespace apiserver
