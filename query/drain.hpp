// SPDX-License-Identifier: Apache-2.0
// All series of an operation, for those that need them at once.
#pragma once

#include "query/operation.hpp"

#include <utility>
#include <vector>

namespace query {

class Drain {
  public:
    explicit Drain(OperationPtr from) : from_{std::move(from)} {}

    // end: rows() are all. Else as Operation::next(), but never row.
    Pull run(Work& work) {
        while (from_) {
            Row row;
            const Pull pulled = from_->next(work, row);
            if (pulled == Pull::end) from_.reset();
            if (pulled == Pull::pause || pulled == Pull::failed) return pulled;
            if (pulled != Pull::row) break;
            if (!work.hold(row.bytes())) return Pull::failed;
            rows_.push_back(std::move(row));
        }
        return Pull::end;
    }
    std::vector<Row>& rows() { return rows_; }

  private:
    OperationPtr from_;
    std::vector<Row> rows_;
};

}  // namespace query
