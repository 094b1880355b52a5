// SPDX-License-Identifier: Apache-2.0
// One query, evaluated in steps, so that whoever has an event loop can see to it between them.
#pragma once

#include "query/error.hpp"
#include "query/language/expression.hpp"
#include "query/limits.hpp"
#include "query/operations/operation.hpp"
#include "query/operations/row.hpp"
#include "query/operations/selectors.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace query {

// Unix time in milliseconds.
struct InstantQuery {
    Millis at = 0;
};
struct RangeQuery {
    Millis start = 0;
    Millis end = 0;
    Millis step = 0;
};

// What is wrong with a range, in Prometheus' words (web/api/v1/api.go).
inline constexpr const char* kEndBeforeStart = "end timestamp must not be before start time";
inline constexpr const char* kStepNotPositive =
    "zero or negative query resolution step widths are not accepted. Try a positive integer";
inline constexpr const char* kTooManySteps =
    "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution "
    "(?step=XX)";

struct EvaluationOptions {
    // How old the newest sample of an instant selector may be.
    std::chrono::milliseconds lookback = std::chrono::minutes{5};
    // rate, increase and irate reach beyond a window with fewer than two samples
    // (docs/decisions/0025-query.md).
    bool widen_windows = true;
    Limits limits;
    // step() behind it ends with a timeout.
    Clock::time_point deadline = Clock::time_point::max();
};

enum class ResultType { matrix, vector, scalar, string };

// As `resultType` of an answer has it.
constexpr const char* name_of(ResultType type) {
    switch (type) {
        case ResultType::matrix:
            return "matrix";
        case ResultType::vector:
            return "vector";
        case ResultType::scalar:
            return "scalar";
        case ResultType::string:
            return "string";
    }
    return "";
}

struct Answer {
    ResultType type{};
    Steps steps;
    // Of a vector in its own order, of a matrix sorted by labels, of a scalar one. Each has a value at one
    // step at least, and kAbsent at those without.
    std::vector<Row> rows;
    // Of a range selector in an instant query, instead of rows: sorted by labels.
    std::vector<RawSeries> raw;
    // Of a string.
    std::string text;
};

class Evaluation {
  public:
    // The error is bad_data: what is wrong with the times, or a type that has no answer over a range; or
    // execution. The source must outlive the evaluation.
    static Result<std::unique_ptr<Evaluation>> make(ExpressionPtr expression, const SeriesSource& source,
                                                    const InstantQuery& query,
                                                    const EvaluationOptions& options);
    static Result<std::unique_ptr<Evaluation>> make(ExpressionPtr expression, const SeriesSource& source,
                                                    const RangeQuery& query,
                                                    const EvaluationOptions& options);

    enum class Progress { more, done, failed };
    // Does some `budget` units, each a sample that is read or a point that is made (5 to 20 ns), and what it
    // takes to finish the series at hand. more: call it again. Nothing is to be called after failed but
    // error() and usage().
    Progress step(std::size_t budget, Clock::time_point now);

    // After done; may be moved from.
    Answer& answer() { return answer_; }
    // After failed.
    const Error& error() const { return *work_.error(); }
    const Usage& usage() const { return work_.usage(); }

  private:
    Evaluation(ExpressionPtr expression, const SeriesSource& source, const Steps& steps,
               const EvaluationOptions& options, bool over_range);
    std::optional<Error> begin();
    bool keep(Row row);
    Pull pull();
    Pull pull_raw();
    bool sort_some();

    ExpressionPtr expression_;
    EvaluationOptions options_;
    Reading reading_;
    bool over_range_;
    Work work_;
    OperationPtr operation_;
    std::optional<RawSeriesReader> raw_;
    bool pulled_all_ = false;
    // How many of the answer's rows still form a heap.
    std::size_t heaped_ = 0;
    Answer answer_;
};

}  // namespace query
