// SPDX-License-Identifier: Apache-2.0
#include "query/operations/drain.hpp"
#include "query/operations/grouping.hpp"
#include "query/operations/operations.hpp"
#include "query/operations/sums.hpp"

#include <cmath>
#include <unordered_map>
#include <utility>

namespace query {
namespace {

// The values of a group at each step, as far as they are known.
class Group {
  public:
    virtual ~Group() = default;
    virtual void add(const std::vector<double>& values) = 0;
    // The results. Called once, last.
    virtual std::vector<double> take() = 0;
    virtual std::size_t bytes() const = 0;
};

class Sums : public Group {
  public:
    explicit Sums(std::size_t steps) : sums_(steps, kAbsent), compensations_(steps) {}

    void add(const std::vector<double>& values) override {
        for (std::size_t i = 0; i < sums_.size(); ++i) {
            if (is_absent(values[i])) continue;
            if (is_absent(sums_[i]))
                sums_[i] = values[i];
            else
                add_exactly(values[i], sums_[i], compensations_[i]);
        }
    }
    std::vector<double> take() override {
        for (std::size_t i = 0; i < sums_.size(); ++i)
            if (!is_absent(sums_[i])) sums_[i] += compensations_[i];
        return std::move(sums_);
    }
    std::size_t bytes() const override { return sizeof(*this) + 2 * sums_.size() * sizeof(double); }

  private:
    std::vector<double> sums_;
    std::vector<double> compensations_;
};

class Means : public Group {
  public:
    explicit Means(std::size_t steps) : means_(steps, Mean{0}), present_(steps) {}

    void add(const std::vector<double>& values) override {
        for (std::size_t i = 0; i < means_.size(); ++i) {
            if (is_absent(values[i])) continue;
            if (present_[i])
                means_[i].add(values[i]);
            else
                means_[i] = Mean{values[i]};
            present_[i] = 1;
        }
    }
    std::vector<double> take() override {
        std::vector<double> out(means_.size(), kAbsent);
        for (std::size_t i = 0; i < out.size(); ++i)
            if (present_[i]) out[i] = means_[i].value();
        return out;
    }
    std::size_t bytes() const override { return sizeof(*this) + means_.size() * (sizeof(Mean) + 1); }

  private:
    std::vector<Mean> means_;
    std::vector<unsigned char> present_;
};

// min, max, count: one number a step is all.
template <class Join>
class Joined : public Group {
  public:
    explicit Joined(std::size_t steps) : values_(steps, kAbsent) {}

    void add(const std::vector<double>& values) override {
        for (std::size_t i = 0; i < values_.size(); ++i)
            if (!is_absent(values[i])) Join::join(values_[i], values[i]);
    }
    std::vector<double> take() override { return std::move(values_); }
    std::size_t bytes() const override { return sizeof(*this) + values_.size() * sizeof(double); }

  private:
    std::vector<double> values_;
};

// kAbsent is a NaN, too.
struct Least {
    static void join(double& all, double value) {
        if (std::isnan(all) || value < all) all = value;
    }
};
struct Greatest {
    static void join(double& all, double value) {
        if (std::isnan(all) || value > all) all = value;
    }
};
struct Counted {
    static void join(double& all, double) { all = is_absent(all) ? 1 : all + 1; }
};

std::unique_ptr<Group> make_group(AggregationOp op, std::size_t steps) {
    switch (op) {
        case AggregationOp::sum:
            return std::make_unique<Sums>(steps);
        case AggregationOp::avg:
            return std::make_unique<Means>(steps);
        case AggregationOp::min:
            return std::make_unique<Joined<Least>>(steps);
        case AggregationOp::max:
            return std::make_unique<Joined<Greatest>>(steps);
        default:
            return std::make_unique<Joined<Counted>>(steps);
    }
}

class Aggregated : public Operation {
  public:
    Aggregated(const Aggregation& aggregation, OperationPtr operand, const Steps& steps)
        : op_{aggregation.op}, steps_{steps.count}, key_{aggregation}, operand_{std::move(operand)} {}

    Pull next(Work& work, Row& out) override {
        const Pull pulled = drain(operand_, work, row_, [&] { return add(work); });
        if (pulled != Pull::end) return pulled;
        const auto at = groups_.begin();
        if (at == groups_.end()) return Pull::end;
        if (work.is_spent()) return Pull::pause;
        work.spend(steps_);
        work.release(at->second->bytes() + at->first.bytes());
        out.labels = at->first;
        out.values = at->second->take();
        groups_.erase(at);
        return Pull::row;
    }

  private:
    bool add(Work& work) {
        key_.of(row_.labels, labels_);
        auto it = groups_.find(labels_);
        if (it == groups_.end()) {
            it = groups_.emplace(labels_, make_group(op_, steps_)).first;
            if (!work.hold(it->second->bytes() + it->first.bytes())) return false;
        }
        it->second->add(row_.values);
        work.spend(steps_);
        return true;
    }

    AggregationOp op_;
    std::size_t steps_;
    GroupKey key_;
    OperationPtr operand_;
    std::unordered_map<Labels, std::unique_ptr<Group>, LabelsHash> groups_;
    Row row_;
    Labels labels_;
};

}  // namespace

OperationPtr make_aggregation(const Aggregation& aggregation, OperationPtr operand, const Steps& steps) {
    return std::make_unique<Aggregated>(aggregation, std::move(operand), steps);
}

}  // namespace query
