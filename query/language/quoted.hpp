// SPDX-License-Identifier: Apache-2.0
// Strings of a query.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace query {

// What a literal stands for; `literal` has its quotes. Between "" and '' there are Go's escapes, between ``
// there are none. nullopt: an escape is none of Go's.
std::optional<std::string> unquoted(std::string_view literal);

}  // namespace query
