// SPDX-License-Identifier: Apache-2.0
// Text as Go's standard library writes and reads it, to the byte: clients of Kubernetes compare it.
#pragma once

#include "apiserver/request/parsed.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace apiserver {

// encoding/json: in quotes; <, >, & and U+2028/9 as \u escapes, broken UTF-8 as \ufffd.
void append_json_string(std::string& out, std::string_view text);

// fmt's %q. Characters that Unicode has not assigned are taken to be printable, and those beyond U+FFFF.
std::string quoted(std::string_view text);

// RFC 3339 in UTC with whole seconds: 2026-11-23T06:17:40Z. For years 0 to 9999.
void append_timestamp(std::string& out, std::int64_t unix_seconds);

// time.Duration's String: 1m0.5s, 15ms, 1µs, 0s.
void append_duration(std::string& out, std::chrono::nanoseconds duration);

// time.ParseDuration, errors included.
Parsed<std::chrono::nanoseconds> parse_duration(std::string_view text);

// strconv.ParseInt(text, 10, 64), errors included.
Parsed<std::int64_t> parse_int(std::string_view text);

// strconv.ParseBool; anything it refuses is false.
bool parse_bool(std::string_view text);

// Without `&`, `<` and `>`, as k8s.io/apiserver puts text of a client into a message
// (responsewriters/errors.go).
std::string html_escaped(std::string_view text);

}  // namespace apiserver
