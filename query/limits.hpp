// SPDX-License-Identifier: Apache-2.0
// What a query may take. Each bound has an error of its own.
#pragma once

#include <cstddef>
#include <cstdint>

namespace query {

// Of the text; they need no setting.
inline constexpr std::size_t kTextBytes = 16 * 1024;
inline constexpr unsigned kDepth = 64;
inline constexpr std::size_t kRegexes = 32;
// What RE2 may take for each: half of it a compiled pattern, the rest states that it makes while matching and
// drops again.
inline constexpr std::int64_t kRegexBytes = 1024 * 1024;
// As Prometheus has it.
inline constexpr std::int64_t kSteps = 11'000;

// Of the evaluation.
struct Limits {
    // Series looked at, over all selectors, and samples read of them.
    std::size_t series = 200'000;
    std::size_t samples = 50'000'000;
    // Series looked at to list names and labels, of which no sample is read.
    std::size_t listed_series = 2'000'000;
    // Series in the answer.
    std::size_t output_series = 50'000;
    // What is held at once: groups of an aggregation, both sides of an operator, the answer. Bytes.
    std::size_t memory = 64 * 1024 * 1024;
};

}  // namespace query
