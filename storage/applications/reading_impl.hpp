// SPDX-License-Identifier: Apache-2.0
// What has been read of a page, for those who take it over.
#pragma once

#include "storage/applications/increases.hpp"
#include "storage/applications/reading.hpp"
#include "storage/applications/rule.hpp"
#include "storage/usage.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace storage::applications {

// What a page has of the family of one rank.
struct FamilyRead {
    // It has samples of it, whether they count or not.
    bool present = false;
    // It says that it could have.
    bool declared = false;
    // Of the samples that count: some were no number, or too old.
    bool bad = false;
    // Of samples that count. Gauges are numbers; a counter's may be kUnknown.
    std::vector<SeriesValue> values;
    // Of a mean: how many were counted. `values` has what they add up to.
    std::vector<SeriesValue> counts;
};

// What a page has for one demand.
struct DemandRead {
    std::uint32_t demand = 0;
    std::shared_ptr<const Rule> rule;
    bool too_many = false;
    std::array<FamilyRead, kRanks> families;
};

struct Reading::Impl {
    struct Limits {
        // Of one demand, and of all.
        std::size_t series = 0;
        std::size_t all_series = 0;
        // Samples with an older time of their own do not count.
        Nanos oldest = 0;
    };

    Impl(Monotonic now, Nanos now_at, Limits allowed) : asked{now}, asked_at{now_at}, limits{allowed} {}

    // Before the first sample.
    void add(std::uint32_t demand, std::shared_ptr<const Rule> rule);
    void index();

    // Whose candidate has a name.
    struct Named {
        std::string_view name;
        std::uint32_t read = 0;
        std::uint32_t candidate = 0;
    };
    std::vector<Named>::const_iterator first_of(std::string_view name) const;
    void take(DemandRead& read, const Candidate& candidate, const Sample& sample);

    Monotonic asked;
    Nanos asked_at;
    Limits limits;
    std::size_t held = 0;
    std::vector<DemandRead> reads;
    // Sorted by name.
    std::vector<Named> names;
};

}  // namespace storage::applications
