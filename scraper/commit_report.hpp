// SPDX-License-Identifier: Apache-2.0
// What the log says of a page whose figures cannot be, or do not move.
#pragma once

#include "storage/store.hpp"

#include <string_view>

namespace scraper {

// `said_repeating`: that the node repeats its samples was said and holds.
void say_committed(std::string_view node, const storage::CommitResult& committed, bool& said_repeating);

}  // namespace scraper
