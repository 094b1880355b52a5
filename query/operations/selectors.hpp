// SPDX-License-Identifier: Apache-2.0
// Where series enter an evaluation.
#pragma once

#include "query/language/expression.hpp"
#include "query/operations/series_walk.hpp"

#include <vector>

namespace query {

// What selectors need to know of the query.
struct Reading {
    const SeriesSource& source;
    Steps steps;
    // How old the newest sample of an instant selector may be.
    Millis lookback = 0;
    // Whether rate, increase and irate reach beyond a window that holds fewer than two samples.
    bool widen = false;
};

// The selectors must outlive the operations.
OperationPtr make_instant(const Reading& reading, const Selector& selector);
// A function of a range selector. Its labels are without the name.
OperationPtr make_over_range(const Reading& reading, const Selector& selector, FunctionId function);

// A range selector by itself: the samples of each series at the query's only step.
struct RawSeries {
    Labels labels;
    std::vector<Sample> samples;
};
class RawSeriesReader {
  public:
    RawSeriesReader(const Reading& reading, const Selector& selector);
    // As Operation::next().
    Pull next(Work& work, RawSeries& out);

  private:
    MillisRange window_;
    SeriesWalk walk_;
};

}  // namespace query
