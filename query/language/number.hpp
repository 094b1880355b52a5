// SPDX-License-Identifier: Apache-2.0
// Numbers and durations as Prometheus reads and writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace query {

// A literal without sign: 1, .5, 1e3, 0x1f, 017 (octal), Inf, NaN in any case.
std::optional<double> parse_number(std::string_view text);

// As answers have it: the shortest plain digits that read back, an exponent below 1e-6 and from 1e21, NaN,
// +Inf, -Inf.
void append_value(std::string& out, double value);

// 1h30m: units y w d h m s ms, longest first, each once. Milliseconds; nullopt: it is none, or too long for
// 64 bits of nanoseconds (some 292 years).
std::optional<std::int64_t> parse_duration(std::string_view text);

}  // namespace query
