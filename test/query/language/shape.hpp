// SPDX-License-Identifier: Apache-2.0
// A parsed query as a query again, with all its parentheses.
#pragma once

#include "query/language/expression.hpp"

#include <string>

namespace query_test {

std::string shape(const query::Expression& expression);
// Of a text: the shape, or the error.
std::string parsed(std::string_view text);

}  // namespace query_test
