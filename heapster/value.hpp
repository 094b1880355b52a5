// SPDX-License-Identifier: Apache-2.0
// A metric's value: of each metric always of the same type (kubernetes-retired/heapster,
// metrics/core/metrics.go).
#pragma once

#include <cstdint>
#include <variant>

namespace heapster {

using Value = std::variant<std::uint64_t, double>;

// Cut to a whole number, as the model API shows it. REQUIRES: it is below 2^64.
inline std::uint64_t whole(Value value) {
    if (const auto* const number = std::get_if<std::uint64_t>(&value)) return *number;
    return static_cast<std::uint64_t>(std::get<double>(value));
}

}  // namespace heapster
