// SPDX-License-Identifier: Apache-2.0
// A curve in a few characters.
#pragma once

#include "topd/top/client/curve.hpp"

#include <cstddef>
#include <string>

namespace topd::top {

// Block characters, or for terminals that have none, letters of ASCII that rise.
enum class Marks { blocks, ascii };

// `cells` characters, or as many as there are points when these are fewer. A cell shows the highest of its
// points, a space none. 0 is the lowest mark, `scale` and more the highest.
std::string sparkline(const Curve& curve, double scale, std::size_t cells, Marks marks);

}  // namespace topd::top
