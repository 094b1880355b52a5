// SPDX-License-Identifier: Apache-2.0
// The unit of memory limits.
#pragma once

#include <cstdint>

namespace test {

inline constexpr std::uint64_t kMiB = std::uint64_t{1024} * 1024;

}  // namespace test
