// SPDX-License-Identifier: Apache-2.0
// Replacing files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <sys/types.h>

namespace files {

// The file at `path` holds `text` from now on, and has the mode. Whole or not at all, also after a crash: it
// is written beside the old one, under a name that nobody has, readable by nobody else, and put in its place
// when it is on the disk. A link at `path` is replaced, not followed.
std::error_code replace(const std::string& path, std::string_view text, mode_t mode);
// The same; it holds the pieces, one after the other.
std::error_code replace(const std::string& path, std::span<const std::string> pieces, mode_t mode);

// Removes what a process that was killed while it replaced the file left beside it. REQUIRES: nobody replaces
// it now.
void remove_leftovers(const std::string& path);

}  // namespace files
