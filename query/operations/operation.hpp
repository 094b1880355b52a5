// SPDX-License-Identifier: Apache-2.0
// How an evaluation is built: operations that draw series from one another, one at a time, and can pause
// between any two.
#pragma once

#include "query/error.hpp"
#include "query/limits.hpp"
#include "query/operations/row.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace query {

using Clock = std::chrono::steady_clock;

// What an evaluation has used.
struct Usage {
    std::size_t series = 0;
    std::size_t samples = 0;
    // Held now, and at most. Bytes.
    std::size_t held = 0;
    std::size_t most_held = 0;
    // Points of rate, increase and irate for which a window was widened (docs/decisions/0025-query.md).
    std::size_t widened = 0;
};

// What operations share while they run.
class Work {
  public:
    Work(const Limits& limits, Clock::time_point deadline) : limits_{limits}, deadline_{deadline} {}

    const Usage& usage() const { return usage_; }
    const std::optional<Error>& error() const { return error_; }

    // How much may be done until the next pause. A unit is a sample that is read, or a point that is made.
    // False: it is too late, and has failed.
    bool refill(std::size_t budget, Clock::time_point now);
    bool is_spent() const { return budget_ == 0; }
    void spend(std::size_t units) { budget_ = units < budget_ ? budget_ - units : 0; }

    // False, also from those below: it has failed.
    bool fail(Error error) {
        if (!error_) error_ = std::move(error);
        return false;
    }
    bool count_series();
    bool count_samples(std::size_t samples);
    bool hold(std::size_t bytes);
    void release(std::size_t bytes) { usage_.held -= bytes < usage_.held ? bytes : usage_.held; }
    void count_widened() { ++usage_.widened; }

  private:
    Limits limits_;
    Clock::time_point deadline_;
    Usage usage_;
    std::size_t budget_ = 0;
    std::optional<Error> error_;
};

enum class Pull { row, end, pause, failed };

// A part of the expression that gives series. A scalar is one row without labels, with a value at each step.
class Operation {
  public:
    virtual ~Operation() = default;
    // row: `out` is the next series, with at least one value. pause: call again when there is budget.
    // Nothing is called after end or failed.
    virtual Pull next(Work& work, Row& out) = 0;
};
using OperationPtr = std::unique_ptr<Operation>;

}  // namespace query
