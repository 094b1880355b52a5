// SPDX-License-Identifier: Apache-2.0
// Selectors, and lists of labels.
#pragma once

#include "query/language/expression.hpp"
#include "query/language/token_reader.hpp"

#include <string>
#include <vector>

namespace query {

// At a name or a brace. False: the reader has the fault.
bool read_selector(TokenReader& reader, Selector& out);

// ( l, ... ) of by, on and their like, at the parenthesis: sorted, each once.
bool read_label_list(TokenReader& reader, std::vector<std::string>& out);

}  // namespace query
