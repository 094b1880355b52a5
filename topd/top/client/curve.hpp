// SPDX-License-Identifier: Apache-2.0
// A curve as topd sends it: a letter a step.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace topd::top {

// Oldest first; nullopt: no point.
using Curve = std::vector<std::optional<double>>;

// The letters are 64 levels from 0 to `scale`, A to Z, a to z, 0 to 9, - and _. Any other is no point.
Curve read_curve(std::string_view letters, double scale);

}  // namespace topd::top
