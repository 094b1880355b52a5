// SPDX-License-Identifier: Apache-2.0
#include "query/evaluation.hpp"

#include "query/operations/drain.hpp"
#include "query/plan.hpp"

#include <algorithm>
#include <utility>

namespace query {
namespace {

// Times beyond are no dates, and sums with them might not fit: 285,000 years.
constexpr Millis kFar = Millis{1} << 53;

bool is_near(Millis time) {
    return time > -kFar && time < kFar;
}

bool by_labels(const Row& a, const Row& b) {
    return a.labels < b.labels;
}

// What the rows of a heap cost when one is taken out.
constexpr std::size_t kSortUnits = 256;

}  // namespace

Evaluation::Evaluation(ExpressionPtr expression, const SeriesSource& source, const Steps& steps,
                       const EvaluationOptions& options, bool over_range)
    : expression_{std::move(expression)},
      options_{options},
      reading_{source, steps, options.lookback.count(), options.widen_windows},
      over_range_{over_range},
      work_{options.limits, options.deadline} {
    answer_.steps = steps;
}

Result<std::unique_ptr<Evaluation>> Evaluation::make(ExpressionPtr expression, const SeriesSource& source,
                                                     const InstantQuery& query,
                                                     const EvaluationOptions& options) {
    if (!is_near(query.at)) return bad_data("the time is out of range");
    std::unique_ptr<Evaluation> made{
        new Evaluation{std::move(expression), source, Steps{query.at, 1, 1}, options, false}};
    if (auto error = made->begin()) return std::move(*error);
    return made;
}

Result<std::unique_ptr<Evaluation>> Evaluation::make(ExpressionPtr expression, const SeriesSource& source,
                                                     const RangeQuery& query,
                                                     const EvaluationOptions& options) {
    if (!is_near(query.start) || !is_near(query.end)) return bad_data("the time is out of range");
    if (query.end < query.start) return bad_data(kEndBeforeStart);
    if (query.step <= 0) return bad_data(kStepNotPositive);
    const Millis more = (query.end - query.start) / query.step;
    if (more > kSteps) return bad_data(kTooManySteps);
    const ValueType type = expression->type();
    if (type == ValueType::range || type == ValueType::string)
        return bad_data("invalid expression type \"" + std::string{name_of(type)} +
                        "\" for range query, must be Scalar or instant Vector");
    const Steps steps{query.start, query.step, static_cast<std::size_t>(more) + 1};
    std::unique_ptr<Evaluation> made{new Evaluation{std::move(expression), source, steps, options, true}};
    if (auto error = made->begin()) return std::move(*error);
    return made;
}

std::optional<Error> Evaluation::begin() {
    switch (expression_->type()) {
        case ValueType::string:
            answer_.type = ResultType::string;
            answer_.text = std::get<StringLiteral>(expression_->node).value;
            pulled_all_ = true;
            return std::nullopt;
        case ValueType::range:
            answer_.type = ResultType::matrix;
            raw_.emplace(reading_, std::get<Selector>(expression_->node));
            return std::nullopt;
        case ValueType::scalar:
            answer_.type = ResultType::scalar;
            break;
        case ValueType::vector:
            answer_.type = ResultType::vector;
            break;
    }
    if (over_range_) answer_.type = ResultType::matrix;
    auto planned = plan(reading_, *expression_);
    if (!planned) return planned.error();
    operation_ = std::move(*planned);
    return std::nullopt;
}

bool Evaluation::keep(Row row) {
    if (answer_.rows.size() == options_.limits.output_series)
        return work_.fail(execution("query gives more than " + std::to_string(options_.limits.output_series) +
                                    " series: aggregate, or narrow its matchers"));
    row.values.shrink_to_fit();
    if (!work_.hold(row.bytes())) return false;
    answer_.rows.push_back(std::move(row));
    if (over_range_) {
        std::push_heap(answer_.rows.begin(), answer_.rows.end(), by_labels);
        heaped_ = answer_.rows.size();
        work_.spend(kSortUnits);
    }
    return true;
}

Pull Evaluation::pull() {
    Row row;
    return drain(operation_, work_, row, [&] { return keep(std::move(row)); });
}

Pull Evaluation::pull_raw() {
    for (;;) {
        RawSeries series;
        const Pull pulled = raw_->next(work_, series);
        if (pulled != Pull::row) {
            if (pulled == Pull::end)
                std::sort(answer_.raw.begin(), answer_.raw.end(),
                          [](const RawSeries& a, const RawSeries& b) { return a.labels < b.labels; });
            return pulled;
        }
        if (!work_.hold(series.labels.bytes() + series.samples.capacity() * sizeof(Sample) + sizeof(series)))
            return Pull::failed;
        answer_.raw.push_back(std::move(series));
    }
}

// Takes the last of the heap, again and again: what is left behind is sorted. False: more is to be done.
bool Evaluation::sort_some() {
    const auto begin = answer_.rows.begin();
    while (heaped_ > 1) {
        if (work_.is_spent()) return false;
        work_.spend(kSortUnits);
        std::pop_heap(begin, begin + static_cast<std::ptrdiff_t>(heaped_--), by_labels);
    }
    return true;
}

Evaluation::Progress Evaluation::step(std::size_t budget, Clock::time_point now) {
    if (!work_.refill(budget, now)) return Progress::failed;
    if (!pulled_all_) {
        switch (raw_ ? pull_raw() : pull()) {
            case Pull::failed:
                return Progress::failed;
            case Pull::end:
                break;
            default:
                return Progress::more;
        }
        pulled_all_ = true;
        raw_.reset();
    }
    return sort_some() ? Progress::done : Progress::more;
}

}  // namespace query
