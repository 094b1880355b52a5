// SPDX-License-Identifier: Apache-2.0
// Sums and means, to the digit as Prometheus makes them.
#pragma once

namespace query {

// Adds with Neumaier's compensation, as Prometheus does.
void add_exactly(double value, double& sum, double& compensation);

// The mean, in the way that Prometheus takes: by the sum while that is finite, else step by step.
class Mean {
  public:
    explicit Mean(double first) : sum_{first} {}
    void add(double value);
    double value() const;

  private:
    double sum_;
    double compensation_ = 0;
    double count_ = 1;
    bool stepwise_ = false;
};

}  // namespace query
