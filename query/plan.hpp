// SPDX-License-Identifier: Apache-2.0
// From an expression to operations.
#pragma once

#include "query/operations/selectors.hpp"

namespace query {

// Of a vector or a scalar. The expression must outlive the operations.
Result<OperationPtr> plan(const Reading& reading, const Expression& expression);

}  // namespace query
