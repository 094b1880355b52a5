// SPDX-License-Identifier: Apache-2.0
// Patterns as Prometheus has them.
#pragma once

#include "text/parsed.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace query {

// Anchored at both ends, `.` matches a newline; what it may take is bounded (query/limits.hpp).
text::Parsed<std::shared_ptr<const re2::RE2>> compile_regex(std::string_view pattern);

// A|B|C of plain text, perhaps in one pair of parentheses: sorted, each once. nullopt: it is more than that.
std::optional<std::vector<std::string>> plain_alternatives(std::string_view pattern);

}  // namespace query
