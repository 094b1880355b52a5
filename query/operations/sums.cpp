// SPDX-License-Identifier: Apache-2.0
#include "query/operations/sums.hpp"

#include <cmath>

namespace query {

void add_exactly(double value, double& sum, double& compensation) {
    const double next = sum + value;
    if (std::isinf(next))
        compensation = 0;
    else if (std::fabs(sum) >= std::fabs(value))
        compensation += (sum - next) + value;
    else
        compensation += (value - next) + sum;
    sum = next;
}

void Mean::add(double value) {
    ++count_;
    if (!stepwise_) {
        double sum = sum_;
        double compensation = compensation_;
        add_exactly(value, sum, compensation);
        if (!std::isinf(sum)) {
            sum_ = sum;
            compensation_ = compensation;
            return;
        }
        stepwise_ = true;
        sum_ /= count_ - 1;
        compensation_ /= count_ - 1;
    }
    const double part = (count_ - 1) / count_;
    sum_ *= part;
    compensation_ *= part;
    add_exactly(value / count_, sum_, compensation_);
}

double Mean::value() const {
    return stepwise_ ? sum_ + compensation_ : sum_ / count_ + compensation_ / count_;
}

}  // namespace query
