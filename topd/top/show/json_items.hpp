// SPDX-License-Identifier: Apache-2.0
// -o json: one object a row, for programs.
#pragma once

#include "topd/top/client/rows.hpp"
#include "topd/top/options.hpp"

#include <string>

namespace topd::top {

// ASCII on one line without its end. Each item has topd's columns by their names, null where a value is not
// known; curves are arrays of numbers in the units of the figures, null where there is no point.
std::string json_of(const Rows& rows, const Options& options);

}  // namespace topd::top
