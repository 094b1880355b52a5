// SPDX-License-Identifier: Apache-2.0
// Series in memory, for tests of queries.
#pragma once

#include "query/source/series.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace query_test {

struct Series {
    query::Labels labels;
    std::vector<query::Sample> samples;
};

class MemorySource : public query::SeriesSource {
  public:
    // `name{a="b"}`, read by the parser: equality only.
    void add(const std::string& selector, std::vector<query::Sample> samples);
    // Values at 0 s, `every` s, ...; kStale is a mark, kNone no sample.
    void add(const std::string& selector, query::Millis every, const std::vector<double>& values,
             query::Millis from = 0);
    void add(Series series) { series_.push_back(std::move(series)); }

    // A walk pauses before each n-th series. 0: never.
    void pause_before_each(std::size_t n) { pause_ = n; }

    std::unique_ptr<query::SeriesCursor> select(std::span<const query::Matcher> matchers,
                                                query::MillisRange range) const override;

    // What it was asked for last.
    mutable query::MillisRange asked;

  private:
    std::vector<Series> series_;
    std::size_t pause_ = 0;
};

extern const double kNone;

// Two namespaces with two pods each, at one time.
MemorySource pods();

}  // namespace query_test
