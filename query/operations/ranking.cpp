// SPDX-License-Identifier: Apache-2.0
// topk, bottomk, sort
#include "query/operations/drain.hpp"
#include "query/operations/grouping.hpp"
#include "query/operations/operations.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace query {
namespace {

// Greater first, or less; NaN last.
struct Before {
    bool descending = false;
    bool operator()(double a, double b) const {
        if (std::isnan(a) || std::isnan(b)) return !std::isnan(a);
        return descending ? a > b : a < b;
    }
};

// At each step the first of a group, as they come: what is behind them is let go at once, so that a few of
// many take little.
class Ranking : public Operation {
  public:
    Ranking(const Aggregation& aggregation, OperationPtr parameter, OperationPtr operand, const Steps& steps)
        : before_{aggregation.op == AggregationOp::topk},
          key_{aggregation},
          steps_{steps.count},
          parameter_{std::move(parameter)},
          operand_{std::move(operand)} {}

    Pull next(Work& work, Row& out) override {
        if (parameter_) {
            const Pull pulled = parameter_->next(work, counts_);
            if (pulled != Pull::row) return pulled;
            parameter_.reset();
            refusal_ = refusal_of(counts_.values);
        }
        if (operand_) {
            const Pull pulled = drain(operand_, work, row_, [&] { return refusal_ || take(work); });
            if (pulled != Pull::end) return pulled;
            if (refusal_) return work.fail(execution(*refusal_)), Pull::failed;
            put_in_order();
            work.release(rank_bytes_);
        }
        if (told_ == order_.size()) return Pull::end;
        if (work.is_spent()) return Pull::pause;
        work.spend(steps_);
        out = std::move(kept_[order_[told_++]].row);
        work.release(out.bytes());
        return Pull::row;
    }

  private:
    // A series that is among the first at some steps.
    struct Kept {
        Row row;
        // Of those that came.
        std::size_t number = 0;
        std::size_t steps = 0;
    };
    // The worst is on top of the heap.
    using Heap = std::vector<std::size_t>;
    using Group = std::vector<Heap>;

    // By all counts, whether or not there is a series to be counted.
    static std::optional<std::string> refusal_of(const std::vector<double>& counts) {
        if (std::all_of(counts.begin(), counts.end(), [](double count) { return count < 1; }))
            return std::nullopt;
        constexpr double kMost = 9223372036854775808.0;
        for (const double count : counts) {
            if (std::isnan(count)) return "Parameter value is NaN";
            if (std::fabs(count) < kMost) continue;
            std::array<char, 32> number;
            const auto [end, error] = std::to_chars(number.data(), number.data() + number.size(), count);
            return "Scalar value " + std::string{number.data(), end} +
                   (count > 0 ? " overflows" : " underflows") + " int64";
        }
        return std::nullopt;
    }

    // Null: there is no memory for one more.
    Group* group_of(Work& work, const Labels& labels) {
        key_.of(labels, labels_);
        const auto [it, is_new] = groups_of_.try_emplace(labels_, groups_.size());
        if (is_new) {
            if (!hold_ranks(work, steps_ * sizeof(Heap) + labels_.bytes())) return nullptr;
            groups_.emplace_back(steps_);
        }
        return &groups_[it->second];
    }

    bool hold_ranks(Work& work, std::size_t bytes) {
        rank_bytes_ += bytes;
        return work.hold(bytes);
    }

    bool take(Work& work) {
        Group* const group = group_of(work, row_.labels);
        if (group == nullptr) return false;
        const std::size_t place = free_.empty() ? kept_.size() : free_.back();
        if (free_.empty()) kept_.emplace_back();
        if (!free_.empty()) free_.pop_back();
        kept_[place] = {std::move(row_), number_++, 0};
        row_ = {};
        std::size_t entries = 0;
        for (std::size_t s = 0; s < steps_; ++s)
            if (!is_absent(kept_[place].row.values[s])) entries += rank(work, (*group)[s], s, place) ? 1 : 0;
        work.spend((kTakeUnits + steps_) * kRankUnits);
        if (kept_[place].steps == 0) {
            free_.push_back(place);
            return true;
        }
        return hold_ranks(work, entries * sizeof(std::size_t)) && work.hold(kept_[place].row.bytes());
    }

    // Whether there is one more at the step.
    bool rank(Work& work, Heap& heap, std::size_t step, std::size_t place) {
        const auto better = [&](std::size_t a, std::size_t b) { return is_better(a, b, step); };
        const double wanted = counts_.values[step];
        const bool has_room = wanted >= 1 && heap.size() < static_cast<std::size_t>(wanted);
        if (!has_room && (heap.empty() || !better(place, heap.front()))) {
            kept_[place].row.values[step] = kAbsent;
            return false;
        }
        if (!has_room) {
            std::pop_heap(heap.begin(), heap.end(), better);
            let_go(work, heap.back(), step);
            heap.pop_back();
        }
        heap.push_back(place);
        std::push_heap(heap.begin(), heap.end(), better);
        ++kept_[place].steps;
        return has_room;
    }

    bool is_better(std::size_t a, std::size_t b, std::size_t step) const {
        const double one = kept_[a].row.values[step];
        const double other = kept_[b].row.values[step];
        if (before_(one, other)) return true;
        return !before_(other, one) && kept_[a].number < kept_[b].number;
    }

    void let_go(Work& work, std::size_t place, std::size_t step) {
        Kept& kept = kept_[place];
        kept.row.values[step] = kAbsent;
        if (--kept.steps > 0) return;
        work.release(kept.row.bytes());
        kept.row = {};
        free_.push_back(place);
    }

    // Of one step ranks make the order, group after group.
    void put_in_order() {
        groups_of_.clear();
        if (steps_ == 1) {
            for (Group& group : groups_) {
                std::sort(group[0].begin(), group[0].end(),
                          [&](std::size_t a, std::size_t b) { return is_better(a, b, 0); });
                order_.insert(order_.end(), group[0].begin(), group[0].end());
            }
        } else {
            for (std::size_t place = 0; place < kept_.size(); ++place)
                if (kept_[place].steps > 0) order_.push_back(place);
            std::sort(order_.begin(), order_.end(),
                      [&](std::size_t a, std::size_t b) { return kept_[a].number < kept_[b].number; });
        }
        groups_.clear();
    }

    // To find the group of a series, and its place in a heap.
    static constexpr std::size_t kTakeUnits = 16;
    static constexpr std::size_t kRankUnits = 4;

    Before before_;
    GroupKey key_;
    std::size_t steps_;
    OperationPtr parameter_;
    OperationPtr operand_;
    Row counts_;
    std::optional<std::string> refusal_;
    Row row_;
    Labels labels_;
    std::unordered_map<Labels, std::size_t, LabelsHash> groups_of_;
    std::vector<Group> groups_;
    std::vector<Kept> kept_;
    // Places of kept_.
    std::vector<std::size_t> free_;
    std::vector<std::size_t> order_;
    // Of groups and heaps.
    std::size_t rank_bytes_ = 0;
    std::size_t number_ = 0;
    std::size_t told_ = 0;
};

class Sorted : public Operation {
  public:
    Sorted(OperationPtr vector, bool descending) : before_{descending}, vector_{std::move(vector)} {}

    Pull next(Work& work, Row& out) override {
        Row row;
        const Pull pulled = drain(vector_, work, row, [&] {
            work.spend(kKeptRowUnits);
            return rows_.keep(work, std::move(row));
        });
        if (pulled != Pull::end) return pulled;
        if (!std::exchange(is_sorted_, true))
            std::stable_sort(rows_.begin(), rows_.end(),
                             [&](const Row& a, const Row& b) { return before_(a.values[0], b.values[0]); });
        return rows_.tell(work, out);
    }

  private:
    Before before_;
    OperationPtr vector_;
    HeldRows rows_;
    bool is_sorted_ = false;
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
