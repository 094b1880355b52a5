// SPDX-License-Identifier: Apache-2.0
// Selectors with their ranges and offsets, and lists of labels.
#pragma once

#include "query/language/expression.hpp"
#include "query/language/token_reader.hpp"

#include <string>
#include <vector>

namespace query {

// At a name or a brace. False: the reader has the fault.
bool read_selector(TokenReader& reader, Selector& out);

// [d] and `offset d` behind an expression, which must be a selector; at the bracket or the word. False as
// above.
bool read_range(TokenReader& reader, Expression& of);
bool read_offset(TokenReader& reader, Expression& of);

// ( l, ... ) of by, on and their like, at the parenthesis: sorted, each once.
bool read_label_list(TokenReader& reader, std::vector<std::string>& out);

}  // namespace query
