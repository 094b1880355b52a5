// SPDX-License-Identifier: Apache-2.0
// The numbers of sample lines. Those of kubelets are read exactly: they print whole nanoseconds as decimal
// seconds, and a double in between would lose some.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace scraper {

// All take a number off the front of `text` and leave it untouched when there is none. What may follow is
// the caller's to check.

// floor(number * 10^scale) of "1", ".5", "1.", "+1.25", "1.795406476012221e+09". nullopt: not a finite
// decimal number (NaN, Inf; of a hexadecimal number only the leading 0 is taken), below zero, or more than 64
// bits.
std::optional<std::uint64_t> take_decimal(std::string_view& text, unsigned scale);

// Decimal digits, after an optional '+'. nullopt: anything else, or more than 64 bits.
std::optional<std::uint64_t> take_integer(std::string_view& text);

// Any value of Prometheus: also negative, NaN, Inf. nullopt: none, or beyond what a double can be.
std::optional<double> take_double(std::string_view& text);

}  // namespace scraper
