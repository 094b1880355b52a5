// SPDX-License-Identifier: Apache-2.0
// The series of a selector, counted and held against its matchers.
#pragma once

#include "query/operations/operation.hpp"
#include "query/source/series.hpp"

#include <memory>
#include <span>
#include <vector>

namespace query {

class SeriesWalk {
  public:
    // The source is asked with the first next().
    SeriesWalk(const SeriesSource& source, std::span<const Matcher> matchers, MillisRange range)
        : source_{source}, matchers_{matchers}, range_{range} {}

    // row: labels() and samples() are of the next series.
    Pull next(Work& work);
    const Labels& labels() const { return labels_; }
    Labels& labels() { return labels_; }
    // False: they are too many for the query.
    bool read_samples(Work& work);
    // Marks of an end included. May be changed.
    std::vector<Sample>& samples() { return samples_; }

  private:
    const SeriesSource& source_;
    std::span<const Matcher> matchers_;
    MillisRange range_;
    std::unique_ptr<SeriesCursor> cursor_;
    Labels labels_;
    std::vector<Sample> samples_;
};

}  // namespace query
