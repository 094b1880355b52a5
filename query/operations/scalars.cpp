// SPDX-License-Identifier: Apache-2.0
// Scalars, and what is done to each series by itself.
#include "query/operations/arithmetic.hpp"
#include "query/operations/drain.hpp"
#include "query/operations/operations.hpp"

#include <limits>
#include <utility>

namespace query {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class ScalarOf : public Operation {
  public:
    ScalarOf(const Steps& steps, double (*value)(const Steps&, std::size_t, double), double number)
        : steps_{steps}, value_{value}, number_{number} {}

    Pull next(Work& work, Row& out) override {
        if (std::exchange(told_, true)) return Pull::end;
        out.labels.clear();
        out.values.resize(steps_.count);
        for (std::size_t i = 0; i < steps_.count; ++i) out.values[i] = value_(steps_, i, number_);
        work.spend(steps_.count);
        return Pull::row;
    }

  private:
    Steps steps_;
    double (*value_)(const Steps&, std::size_t, double);
    double number_;
    bool told_ = false;
};

class ScalarFromVector : public Operation {
  public:
    ScalarFromVector(OperationPtr vector, const Steps& steps)
        : vector_{std::move(vector)}, values_(steps.count, kAbsent), counts_(steps.count) {}

    Pull next(Work& work, Row& out) override {
        if (told_) return Pull::end;
        Row row;
        const Pull pulled = drain(vector_, work, row, [&] {
            work.spend(values_.size());
            for (std::size_t i = 0; i < values_.size(); ++i) {
                if (is_absent(row.values[i])) continue;
                values_[i] = row.values[i];
                if (counts_[i] < 2) ++counts_[i];
            }
            return true;
        });
        if (pulled != Pull::end) return pulled;
        told_ = true;
        out.labels.clear();
        out.values = std::move(values_);
        for (std::size_t i = 0; i < out.values.size(); ++i)
            if (counts_[i] != 1) out.values[i] = kNaN;
        return Pull::row;
    }

  private:
    OperationPtr vector_;
    std::vector<double> values_;
    std::vector<unsigned char> counts_;
    bool told_ = false;
};

class Negated : public Operation {
  public:
    explicit Negated(OperationPtr operand) : operand_{std::move(operand)} {}

    Pull next(Work& work, Row& out) override {
        const Pull pulled = operand_->next(work, out);
        if (pulled != Pull::row) return pulled;
        out.labels.drop_name();
        for (double& value : out.values)
            if (!is_absent(value)) value = -value;
        work.spend(out.values.size());
        return Pull::row;
    }

  private:
    OperationPtr operand_;
};

class WithScalar : public Operation {
  public:
    WithScalar(const Binary& binary, OperationPtr vector, OperationPtr scalar, bool scalar_first)
        : binary_{binary},
          vector_{std::move(vector)},
          scalar_{std::move(scalar)},
          scalar_first_{scalar_first} {}

    Pull next(Work& work, Row& out) override {
        if (scalar_) {
            const Pull pulled = scalar_->next(work, scalar_row_);
            if (pulled != Pull::row) return pulled;
            scalar_.reset();
        }
        for (;;) {
            const Pull pulled = vector_->next(work, out);
            if (pulled != Pull::row) return pulled;
            work.spend(out.values.size());
            if (!apply(out)) continue;
            if (drops_name(binary_)) out.labels.drop_name();
            return Pull::row;
        }
    }

  private:
    bool apply(Row& row) const {
        bool left = false;
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            double& value = row.values[i];
            if (is_absent(value)) continue;
            const double scalar = scalar_row_.values[i];
            value = scalar_first_ ? combined(binary_, scalar, value, value)
                                  : combined(binary_, value, scalar, value);
            left = left || !is_absent(value);
        }
        return left;
    }

    const Binary& binary_;
    OperationPtr vector_;
    OperationPtr scalar_;
    bool scalar_first_;
    Row scalar_row_;
};

}  // namespace

OperationPtr make_number(double value, const Steps& steps) {
    return std::make_unique<ScalarOf>(
        steps, [](const Steps&, std::size_t, double number) { return number; }, value);
}

OperationPtr make_time(const Steps& steps) {
    return std::make_unique<ScalarOf>(
        steps, [](const Steps& all, std::size_t i, double) { return static_cast<double>(all.at(i)) / 1000; },
        0.0);
}

OperationPtr make_scalar(OperationPtr vector, const Steps& steps) {
    return std::make_unique<ScalarFromVector>(std::move(vector), steps);
}

OperationPtr make_negation(OperationPtr operand) {
    return std::make_unique<Negated>(std::move(operand));
}

OperationPtr make_with_scalar(const Binary& binary, OperationPtr vector, OperationPtr scalar,
                              bool scalar_first) {
    return std::make_unique<WithScalar>(binary, std::move(vector), std::move(scalar), scalar_first);
}

}  // namespace query
