// SPDX-License-Identifier: Apache-2.0
// Foreign bytes in a line of ours.
#pragma once

#include <string>
#include <string_view>

namespace text {

// Printable ASCII as it is, each other byte as '?': so it is one line, and cannot move a terminal's cursor.
std::string printable(std::string_view text);

}  // namespace text
