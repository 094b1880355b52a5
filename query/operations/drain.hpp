// SPDX-License-Identifier: Apache-2.0
// All series of an operation, for those that need them at once.
#pragma once

#include "query/operations/operation.hpp"

#include <utility>
#include <vector>

namespace query {

class Drain {
  public:
    explicit Drain(OperationPtr from) : from_{std::move(from)} {}

    // end: rows() are all. Else as Operation::next(), but never row. `on_row` sees each when it has come, so
    // that what is to be known of all is found piece by piece.
    template <class OnRow>
    Pull run(Work& work, OnRow on_row) {
        while (from_) {
            Row row;
            const Pull pulled = from_->next(work, row);
            if (pulled == Pull::end) from_.reset();
            if (pulled != Pull::row) return pulled;
            if (!work.hold(row.bytes())) return Pull::failed;
            rows_.push_back(std::move(row));
            on_row(rows_.size() - 1);
            work.spend(kRowUnits);
        }
        return Pull::end;
    }
    std::vector<Row>& rows() { return rows_; }

  private:
    // To keep a row and to find its group cost as much as some points.
    static constexpr std::size_t kRowUnits = 64;

    OperationPtr from_;
    std::vector<Row> rows_;
};

}  // namespace query
