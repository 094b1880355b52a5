// SPDX-License-Identifier: Apache-2.0
// and, or, unless: one side is kept only as far as which labels it has at which steps.
#include "query/operations/drain.hpp"
#include "query/operations/grouping.hpp"
#include "query/operations/operations.hpp"

#include <unordered_map>
#include <utility>

namespace query {
namespace {

// At which steps there is a series with labels that count alike.
class Presence {
  public:
    Presence(const Matching& matching, std::size_t steps) : key_{matching}, steps_{steps} {}

    bool add(Work& work, const Row& row) {
        key_.of(row.labels, labels_);
        const auto [it, is_new] = known_.try_emplace(labels_);
        if (is_new) {
            it->second.resize(steps_);
            if (!work.hold(labels_.bytes() + steps_ + sizeof(*it))) return false;
        }
        for (std::size_t i = 0; i < steps_; ++i)
            if (!is_absent(row.values[i])) it->second[i] = 1;
        work.spend(steps_);
        return true;
    }

    // Takes away the values at steps where there is one, or where there is none. False: none is left.
    bool filter(Work& work, Row& row, bool keep_present) {
        work.spend(steps_);
        key_.of(row.labels, labels_);
        const auto it = known_.find(labels_);
        if (it == known_.end()) return !keep_present;
        bool left = false;
        for (std::size_t i = 0; i < steps_; ++i) {
            if ((it->second[i] != 0) != keep_present) row.values[i] = kAbsent;
            left = left || !is_absent(row.values[i]);
        }
        return left;
    }

  private:
    GroupKey key_;
    std::size_t steps_;
    std::unordered_map<Labels, std::vector<unsigned char>, LabelsHash> known_;
    Labels labels_;
};

// and, unless: the right side first.
class Filtered : public Operation {
  public:
    Filtered(const Binary& binary, OperationPtr left, OperationPtr right, const Steps& steps)
        : keep_present_{binary.op == BinaryOp::set_and},
          presence_{binary.matching, steps.count},
          left_{std::move(left)},
          right_{std::move(right)} {}

    Pull next(Work& work, Row& out) override {
        const Pull known = drain(right_, work, out, [&] { return presence_.add(work, out); });
        if (known != Pull::end) return known;
        for (;;) {
            const Pull pulled = left_->next(work, out);
            if (pulled != Pull::row || presence_.filter(work, out, keep_present_)) return pulled;
        }
    }

  private:
    bool keep_present_;
    Presence presence_;
    OperationPtr left_;
    OperationPtr right_;
};

// All of the left side, and of the right what the left has not.
class Either : public Operation {
  public:
    Either(const Binary& binary, OperationPtr left, OperationPtr right, const Steps& steps)
        : presence_{binary.matching, steps.count}, left_{std::move(left)}, right_{std::move(right)} {}

    Pull next(Work& work, Row& out) override {
        if (left_) {
            const Pull pulled = left_->next(work, out);
            if (pulled == Pull::row && !presence_.add(work, out)) return Pull::failed;
            if (pulled != Pull::end) return pulled;
            left_.reset();
        }
        for (;;) {
            const Pull pulled = right_->next(work, out);
            if (pulled != Pull::row || presence_.filter(work, out, false)) return pulled;
        }
    }

  private:
    Presence presence_;
    OperationPtr left_;
    OperationPtr right_;
};

}  // namespace

OperationPtr make_set(const Binary& binary, OperationPtr left, OperationPtr right, const Steps& steps) {
    if (binary.op == BinaryOp::set_or)
        return std::make_unique<Either>(binary, std::move(left), std::move(right), steps);
    return std::make_unique<Filtered>(binary, std::move(left), std::move(right), steps);
}

}  // namespace query
