// SPDX-License-Identifier: Apache-2.0
// Times of RFC 3339 as Go reads them (time.Parse), errors included.
#pragma once

#include "text/parsed.hpp"

#include <cstdint>
#include <string_view>

namespace text {

// Which side a time between two seconds goes to.
enum class Between { up, down };

// In Unix seconds. The error: parsing time "x" as ...
Parsed<std::int64_t> parse_rfc3339(std::string_view text, Between between);
// The same in milliseconds; what is between two of them goes down.
Parsed<std::int64_t> parse_rfc3339_millis(std::string_view text);

}  // namespace text
