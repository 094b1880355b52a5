// SPDX-License-Identifier: Apache-2.0
#include "query/operations/operations.hpp"

#include <unordered_map>
#include <utility>

namespace query {
namespace {

class Merged : public Operation {
  public:
    explicit Merged(OperationPtr operand) : operand_{std::move(operand)} {}

    Pull next(Work& work, Row& out) override {
        while (operand_) {
            Row row;
            const Pull pulled = operand_->next(work, row);
            if (pulled == Pull::end) {
                operand_.reset();
                break;
            }
            if (pulled != Pull::row) return pulled;
            if (!add(work, std::move(row))) return Pull::failed;
        }
        if (told_ == rows_.size()) return Pull::end;
        if (work.is_spent()) return Pull::pause;
        work.spend(1);
        work.release(rows_[told_].bytes());
        out = std::move(rows_[told_++]);
        return Pull::row;
    }

  private:
    bool add(Work& work, Row row) {
        const auto [it, is_new] = known_.try_emplace(row.labels, rows_.size());
        if (is_new) {
            const std::size_t bytes = row.bytes();
            rows_.push_back(std::move(row));
            return work.hold(bytes);
        }
        std::vector<double>& values = rows_[it->second].values;
        work.spend(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (is_absent(row.values[i])) continue;
            if (!is_absent(values[i]))
                return work.fail(execution("vector cannot contain metrics with the same labelset"));
            values[i] = row.values[i];
        }
        return true;
    }

    OperationPtr operand_;
    std::vector<Row> rows_;
    std::unordered_map<Labels, std::size_t, LabelsHash> known_;
    std::size_t told_ = 0;
};

}  // namespace

OperationPtr make_merge(OperationPtr operand) {
    return std::make_unique<Merged>(std::move(operand));
}

}  // namespace query
