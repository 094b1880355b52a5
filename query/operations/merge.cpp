// SPDX-License-Identifier: Apache-2.0
#include "query/operations/drain.hpp"
#include "query/operations/operations.hpp"

#include <unordered_map>
#include <utility>

namespace query {
namespace {

class Merged : public Operation {
  public:
    explicit Merged(OperationPtr operand) : operand_{std::move(operand)} {}

    Pull next(Work& work, Row& out) override {
        Row row;
        const Pull pulled = drain(operand_, work, row, [&] { return add(work, std::move(row)); });
        return pulled == Pull::end ? rows_.tell(work, out) : pulled;
    }

  private:
    bool add(Work& work, Row row) {
        const auto [it, is_new] = known_.try_emplace(row.labels, rows_.size());
        if (is_new) return rows_.keep(work, std::move(row));
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
    HeldRows rows_;
    std::unordered_map<Labels, std::size_t, LabelsHash> known_;
};

}  // namespace

OperationPtr make_merge(OperationPtr operand) {
    return std::make_unique<Merged>(std::move(operand));
}

}  // namespace query
