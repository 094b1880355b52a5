// SPDX-License-Identifier: Apache-2.0
// Whether the types of an expression fit.
#pragma once

#include "query/language/expression.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace query {

struct Fault {
    // Byte of the text.
    std::size_t at = 0;
    std::string text;
};

// The first in Prometheus' order (checkAST of promql/parser/parse.go).
std::optional<Fault> find_fault(const Expression& expression);
// The same of a sign at `begin` before an operand.
std::optional<Fault> find_unary_fault(const Expression& operand, std::size_t begin);

}  // namespace query
