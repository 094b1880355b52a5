// SPDX-License-Identifier: Apache-2.0
// How a metric that is asked for is looked for on a page.
//
// The names that are tried, first one first: a gauge METRIC, a counter METRIC, METRIC_total,
// METRIC_seconds_total; of X_per_second the counters of X as well; of X_mean the counters X_sum and X_count.
#pragma once

#include "storage/applications/demand.hpp"
#include "storage/applications/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage::applications {

enum class Kind : std::uint8_t { gauge, counter, mean };

struct Candidate {
    std::string sample_name;
    // The least that a page has is taken. Those of one rank belong together.
    std::uint8_t rank = 0;
    Kind kind = Kind::gauge;
    // Of a mean: how many there were, not what they add up to.
    bool is_count = false;
};

inline constexpr std::size_t kRanks = 8;

struct Rule {
    explicit Rule(Demand asked);

    Demand demand;
    // Its requirements as one text; empty: there are none.
    std::string selector;
    std::vector<Candidate> candidates;
    // Quantiles count when the requirements name that label.
    bool takes_quantiles = false;

    // About what it takes.
    std::size_t bytes() const;
};

// Whether a sample of that name and type is what the candidate is.
bool fits(const Candidate& candidate, const Rule& rule, std::string_view sample_name, Type type);
// As Kubernetes writes a label selector, the same for the same requirements in any order: code=500,verb in
// (GET,PUT).
std::string selector_text(const std::vector<Requirement>& requirements);

// Whether all requirements are met.
bool meets(const std::vector<Requirement>& requirements, const LabelViews& labels);

}  // namespace storage::applications
