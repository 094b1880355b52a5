// SPDX-License-Identifier: Apache-2.0
// All series of an operation, for those that need more than one at a time.
#pragma once

#include "query/operations/operation.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace query {

// Draws all series of `from` into `row`, one after the other, and lets `from` go. `take` sees each, and may
// move it away; false: it has failed. end: those were all. Else as Operation::next(), but never row.
template <class Take>
Pull drain(OperationPtr& from, Work& work, Row& row, Take take) {
    while (from) {
        const Pull pulled = from->next(work, row);
        if (pulled == Pull::end) from.reset();
        if (pulled != Pull::row) return pulled;
        if (!take()) return Pull::failed;
    }
    return Pull::end;
}

// Series that are held until they are told.
class HeldRows {
  public:
    std::size_t size() const { return rows_.size(); }
    Row& operator[](std::size_t at) { return rows_[at]; }
    auto begin() { return rows_.begin(); }
    auto end() { return rows_.end(); }

    // False: there is no memory for it.
    bool keep(Work& work, Row row) {
        const std::size_t bytes = row.bytes();
        rows_.push_back(std::move(row));
        return work.hold(bytes);
    }
    // One after the other, as Operation::next().
    Pull tell(Work& work, Row& out) {
        if (told_ == rows_.size()) return Pull::end;
        if (work.is_spent()) return Pull::pause;
        work.spend(1);
        work.release(rows_[told_].bytes());
        out = std::move(rows_[told_++]);
        return Pull::row;
    }

  private:
    std::vector<Row> rows_;
    std::size_t told_ = 0;
};

// To keep a row and to find its group costs as much as some points.
inline constexpr std::size_t kKeptRowUnits = 64;

}  // namespace query
