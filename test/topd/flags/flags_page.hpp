// SPDX-License-Identifier: Apache-2.0
// docs/flags.md, made from the table of flags.
#pragma once

#include <string>

namespace topd {

std::string flags_page();

}  // namespace topd
