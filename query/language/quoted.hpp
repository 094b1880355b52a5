// SPDX-License-Identifier: Apache-2.0
// Strings of a query.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace query {

// What a literal stands for, quotes of any of the three kinds included in `literal`: in "" and '' with Go's
// escapes, in
// `` as it is. nullopt: an escape is none of Go's.
std::optional<std::string> unquoted(std::string_view literal);

}  // namespace query
