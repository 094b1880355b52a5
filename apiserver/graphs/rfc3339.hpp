// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "text/parsed.hpp"

#include <cstdint>
#include <string_view>

namespace apiserver {

// Which side a time between two seconds goes to.
enum class Between { up, down };

// time.Parse(time.RFC3339, text) in Unix seconds, with its errors: parsing time "x" as ...
text::Parsed<std::int64_t> parse_rfc3339(std::string_view text, Between between);
// The same in milliseconds; what is between two of them goes down.
text::Parsed<std::int64_t> parse_rfc3339_millis(std::string_view text);

}  // namespace apiserver
