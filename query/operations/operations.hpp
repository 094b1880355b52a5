// SPDX-License-Identifier: Apache-2.0
// The operations beside selectors.
#pragma once

#include "query/language/expression.hpp"
#include "query/operations/operation.hpp"

#include <string>
#include <vector>

namespace query {

// Scalars.
OperationPtr make_number(double value, const Steps& steps);
OperationPtr make_time(const Steps& steps);
// scalar(v): NaN at steps where it has not one element.
OperationPtr make_scalar(OperationPtr vector, const Steps& steps);

// Series as they come, each changed by itself.
OperationPtr make_negation(OperationPtr operand);
// A vector and a scalar; `scalar_first`: which side it is on. Of two scalars the left is taken for the
// vector.
OperationPtr make_with_scalar(const Binary& binary, OperationPtr vector, OperationPtr scalar,
                              bool scalar_first);
// label_replace(); the error is about its pattern or label.
Result<OperationPtr> make_label_replace(const Call& call, OperationPtr vector);

// sum, avg, min, max, count: series go into their groups as they come, and are not kept.
OperationPtr make_aggregation(const Aggregation& aggregation, OperationPtr operand, const Steps& steps);
// topk, bottomk. Of one step the result is in the order of values, group by group.
OperationPtr make_ranking(const Aggregation& aggregation, OperationPtr parameter, OperationPtr operand,
                          const Steps& steps);
// sort, sort_desc of one step.
OperationPtr make_sort(OperationPtr vector, bool descending);

// Two vectors.
OperationPtr make_matched(const Binary& binary, OperationPtr left, OperationPtr right, const Steps& steps);
// and, or, unless
OperationPtr make_set(const Binary& binary, OperationPtr left, OperationPtr right, const Steps& steps);

// Joins series of the same labels, as happens when a name is dropped: at each step only one may have a value.
OperationPtr make_merge(OperationPtr operand);

}  // namespace query
