// SPDX-License-Identifier: Apache-2.0
// Reads queries: the part of PromQL that docs/decisions/0025-query.md names. What Prometheus has beside that
// is refused by name, never read as something else.
#pragma once

#include "query/error.hpp"
#include "query/language/expression.hpp"

#include <string_view>

namespace query {

// Types are right in what it gives. The error is bad_data, "LINE:COLUMN: parse error: ...", in Prometheus'
// words where it has some.
Result<ExpressionPtr> parse(std::string_view text);

// The matchers of a selector alone, as match[] has them: no range, no offset.
Result<std::vector<Matcher>> parse_selector(std::string_view text);

}  // namespace query
