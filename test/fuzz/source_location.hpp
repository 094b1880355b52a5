// SPDX-License-Identifier: Apache-2.0
// For clang 14, which has no std::source_location: what is fuzzed declares functions that log, and calls
// none.
#pragma once

#include <version>

#ifndef __cpp_lib_source_location
namespace std {
struct source_location {  // NOLINT(readability-identifier-naming)
    static constexpr source_location current() noexcept { return {}; }
    constexpr const char* file_name() const noexcept { return ""; }
    constexpr unsigned line() const noexcept { return 0; }
};
}  // namespace std
#endif
