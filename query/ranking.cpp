// SPDX-License-Identifier: Apache-2.0
// topk, bottomk, sort
#include "query/drain.hpp"
#include "query/grouping.hpp"
#include "query/operations.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace query {
namespace {

// What a series costs at a step: its value is far from that of the next.
constexpr std::size_t kRankUnits = 10;

// Greater first, or less; NaN last.
struct Before {
    bool descending = false;
    bool operator()(double a, double b) const {
        if (std::isnan(a) || std::isnan(b)) return !std::isnan(a);
        return descending ? a > b : a < b;
    }
};

class Ranking : public Operation {
  public:
    Ranking(const Aggregation& aggregation, OperationPtr parameter, OperationPtr operand, const Steps& steps)
        : before_{aggregation.op == AggregationOp::topk},
          key_{aggregation},
          steps_{steps.count},
          parameter_{std::move(parameter)},
          rows_{std::move(operand)} {}

    Pull next(Work& work, Row& out) override {
        if (const Pull pulled = read(work); pulled != Pull::end) return pulled;
        for (; step_ < steps_; ++step_) {
            if (work.is_spent()) return Pull::pause;
            rank(work);
        }
        while (told_ < order_.size()) {
            if (work.is_spent()) return Pull::pause;
            work.spend(steps_);
            Row& row = rows_.rows()[order_[told_++]];
            work.release(row.bytes());
            if (!row.has_values()) continue;
            out = std::move(row);
            return Pull::row;
        }
        return Pull::end;
    }

  private:
    Pull read(Work& work) {
        if (parameter_) {
            const Pull pulled = parameter_->next(work, counts_);
            if (pulled != Pull::row) return pulled;
            parameter_.reset();
        }
        if (is_read_) return Pull::end;
        const Pull pulled = rows_.run(work, [&](std::size_t row) { join_group(row); });
        if (pulled != Pull::end) return pulled;
        if (!check_counts(work)) return Pull::failed;
        groups_of_.clear();
        is_read_ = true;
        return Pull::end;
    }

    // By all of them, whether or not there is a series to be counted.
    bool check_counts(Work& work) {
        const auto& counts = counts_.values;
        if (std::all_of(counts.begin(), counts.end(), [](double count) { return count < 1; })) {
            for (Row& row : rows_.rows()) work.release(row.bytes());
            rows_.rows().clear();
            groups_.clear();
            order_.clear();
            return true;
        }
        constexpr double kMost = 9223372036854775808.0;
        for (const double count : counts) {
            if (std::isnan(count)) return work.fail(execution("Parameter value is NaN"));
            if (std::fabs(count) < kMost) continue;
            std::array<char, 32> number;
            const auto [end, error] = std::to_chars(number.data(), number.data() + number.size(), count);
            return work.fail(execution("Scalar value " + std::string{number.data(), end} +
                                       (count > 0 ? " overflows" : " underflows") + " int64"));
        }
        return true;
    }

    void join_group(std::size_t row) {
        key_.of(rows_.rows()[row].labels, labels_);
        const auto [it, is_new] = groups_of_.try_emplace(labels_, groups_.size());
        if (is_new) groups_.emplace_back();
        groups_[it->second].push_back(row);
        // Of one step ranks make the order.
        if (steps_ > 1) order_.push_back(row);
    }

    // Takes the values away that do not belong to the first of their group.
    void rank(Work& work) {
        const double wanted = counts_.values[step_];
        for (const auto& members : groups_) {
            present_.clear();
            for (const std::size_t row : members)
                if (!is_absent(value(row))) present_.push_back(row);
            work.spend(members.size() * kRankUnits);
            const std::size_t kept = wanted < 1
                                         ? 0
                                         : static_cast<std::size_t>(std::min(
                                               std::floor(wanted), static_cast<double>(present_.size())));
            const auto end = present_.begin() + static_cast<std::ptrdiff_t>(kept);
            std::partial_sort(present_.begin(), end, present_.end(), [&](std::size_t a, std::size_t b) {
                if (before_(value(a), value(b))) return true;
                return !before_(value(b), value(a)) && a < b;
            });
            for (auto it = end; it != present_.end(); ++it) value(*it) = kAbsent;
            if (steps_ == 1) order_.insert(order_.end(), present_.begin(), end);
        }
    }

    double& value(std::size_t row) { return rows_.rows()[row].values[step_]; }

    Before before_;
    GroupKey key_;
    std::size_t steps_;
    OperationPtr parameter_;
    Drain rows_;
    bool is_read_ = false;
    Row counts_;
    Labels labels_;
    std::unordered_map<Labels, std::size_t, LabelsHash> groups_of_;
    std::vector<std::vector<std::size_t>> groups_;
    std::vector<std::size_t> present_;
    std::vector<std::size_t> order_;
    std::size_t step_ = 0;
    std::size_t told_ = 0;
};

class Sorted : public Operation {
  public:
    Sorted(OperationPtr vector, bool descending) : before_{descending}, rows_{std::move(vector)} {}

    Pull next(Work& work, Row& out) override {
        if (const Pull pulled = rows_.run(work, [](std::size_t) {}); pulled != Pull::end) return pulled;
        std::vector<Row>& rows = rows_.rows();
        if (!std::exchange(is_sorted_, true))
            std::stable_sort(rows.begin(), rows.end(),
                             [&](const Row& a, const Row& b) { return before_(a.values[0], b.values[0]); });
        if (told_ == rows.size()) return Pull::end;
        if (work.is_spent()) return Pull::pause;
        work.spend(1);
        work.release(rows[told_].bytes());
        out = std::move(rows[told_++]);
        return Pull::row;
    }

  private:
    Before before_;
    Drain rows_;
    bool is_sorted_ = false;
    std::size_t told_ = 0;
};

}  // namespace

OperationPtr make_ranking(const Aggregation& aggregation, OperationPtr parameter, OperationPtr operand,
                          const Steps& steps) {
    return std::make_unique<Ranking>(aggregation, std::move(parameter), std::move(operand), steps);
}

OperationPtr make_sort(OperationPtr vector, bool descending) {
    return std::make_unique<Sorted>(std::move(vector), descending);
}

}  // namespace query
