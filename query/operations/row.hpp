// SPDX-License-Identifier: Apache-2.0
// Series as they are evaluated: a value for each step of the query, or none.
#pragma once

#include "query/source/labels.hpp"
#include "query/source/series.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace query {

// The times of an evaluation: start, start + step, ... An instant query has one.
struct Steps {
    Millis start = 0;
    Millis step = 1;
    std::size_t count = 1;

    Millis at(std::size_t i) const { return start + step * static_cast<Millis>(i); }
    Millis last() const { return at(count - 1); }
};

// No value. The mark of ended series serves: it is dropped where samples are read, and no arithmetic makes
// it, since it is a signalling NaN.
inline const double kAbsent = kStale;
inline bool is_absent(double value) {
    return is_stale(value);
}

struct Row {
    Labels labels;
    // One a step.
    std::vector<double> values;

    std::size_t bytes() const { return sizeof(Row) + labels.bytes() + values.capacity() * sizeof(double); }
};

}  // namespace query
