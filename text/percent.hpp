// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace text {

// All but unreserved characters as %XX (RFC 3986, 2.3): for a query, and for a form.
std::string percent_encoded(std::string_view text);

}  // namespace text
