// SPDX-License-Identifier: Apache-2.0
// Dates as HTTP writes them, to the second (RFC 9110, 5.6.7: the form that is to be sent).
#pragma once

#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace net {

// "Mon, 23 Nov 2026 04:29:01 GMT"
std::string http_date(std::time_t when);

// nullopt: another form, or a year before 1970 or from 2200 on.
std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text);

}  // namespace net
