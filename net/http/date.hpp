// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace net {

// The value of a Date field, to the second (RFC 9110, 5.6.7: the form that is to be sent). nullopt: another,
// or a year before 1970 or from 2200 on.
std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text);

}  // namespace net
