// SPDX-License-Identifier: Apache-2.0
// Times and durations as Go's package time writes and reads them, to the byte.
#pragma once

#include "text/parsed.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace text {

// RFC 3339 in UTC with whole seconds: 2026-11-23T06:17:40Z. For years 0 to 9999.
void append_timestamp(std::string& out, std::int64_t unix_seconds);

// time.Duration's String: 1m0.5s, 15ms, 1µs, 0s.
void append_duration(std::string& out, std::chrono::nanoseconds duration);

// As package time quotes what it could not read: what is not ASCII text is \x escapes.
std::string time_quoted(std::string_view text);

// time.ParseDuration, errors included.
Parsed<std::chrono::nanoseconds> parse_duration(std::string_view text);

}  // namespace text
