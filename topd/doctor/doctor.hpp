// SPDX-License-Identifier: Apache-2.0
// `topd doctor FLAGS`: looks at what the daemon would meet with these flags, and says what is wrong and how
// to mend it (docs/decisions/0014-doctor.md), within half a minute. Binds no port and changes nothing.
#pragma once

#include "topd/doctor/judge/finding.hpp"

#include <string>
#include <vector>

namespace topd::doctor {

// `arguments`: without the program's name and the word doctor.
std::vector<Check> examine(const std::vector<std::string>& arguments);

// Prints the report on stdout, or the help. The process's exit status.
int run(const std::vector<std::string>& arguments);

}  // namespace topd::doctor
