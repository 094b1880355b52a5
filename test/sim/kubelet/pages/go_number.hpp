// SPDX-License-Identifier: Apache-2.0
// Numbers as Go writes them.
#pragma once

#include <cstddef>

namespace sim {

// The longest text: "-1.7976931348623157e+308".
inline constexpr std::size_t kGoNumberSize = 24;

// What strconv.FormatFloat(value, 'g', -1, 64) gives, which the Prometheus text format is written with: the
// shortest digits that read back the same, in exponent form when the decimal exponent is below -4 or at least
// 6 (strconv/ftoa.go: "if precision was the shortest possible, use precision 6 for this decision"). Finite
// values only. Returns one past the end; `to` has room for kGoNumberSize.
char* write_go_number(char* to, double value);

}  // namespace sim
