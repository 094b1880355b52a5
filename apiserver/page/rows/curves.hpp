// SPDX-License-Identifier: Apache-2.0
// Small curves as texts: a character a step, oldest first. A level of 0 to 63 is told by its place in
// "A-Za-z0-9-_", rounded up, so that only nothing is A; "." is no point.
#pragma once

#include "apiserver/page/snapshot/sources.hpp"
#include "storage/history/peak_reader.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace apiserver {

// The steps of the last `range` seconds, and the tier that tells more of them; none is so short that it lies
// between two points of it. They end at whole multiples of their length, so that a curve does not change its
// shape as it moves.
storage::history::Steps curve_steps(const storage::history::History& history,
                                    storage::history::Seconds range);

// Curves of one figure on one scale.
class CurveColumn {
  public:
    explicit CurveColumn(std::size_t steps) : steps_{steps} {}

    enum class Figure { cpu, memory };
    void add(const std::vector<storage::history::Peak>& peaks, Figure figure);
    std::size_t size() const { return steps_ == 0 ? 0 : levels_.size() / steps_; }

    // What level 63 is: the greatest value, rounded up to two digits or so, lest all curves change when it
    // moves a little. `unit`: of the answer, in that of the history. 0: there is nothing.
    std::uint64_t scale(std::uint64_t unit) const;
    // "AB.", or null where there is no point at all.
    void append(std::string& out, std::size_t row, double scale) const;

  private:
    std::size_t steps_;
    // Steps of the first row, then of the second. Negative: no point.
    std::vector<float> levels_;
    float greatest_ = 0;
};

}  // namespace apiserver
