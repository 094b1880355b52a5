// SPDX-License-Identifier: Apache-2.0
// What standard output is.
#pragma once

#include "topd/top/show/sparkline.hpp"

#include <cstddef>
#include <string>

namespace topd::top {

struct Size {
    std::size_t columns = 80;
    std::size_t lines = 24;

    bool operator==(const Size&) const = default;
};

// Whether it is a terminal whose cursor can be moved.
bool is_terminal(int descriptor);

// As it is now; 80 x 24 when the terminal does not know.
Size size_of(int descriptor);

// Blocks where the environment's LC_ALL, LC_CTYPE or LANG, the first that is set, says UTF-8.
Marks marks_of_environment();

}  // namespace topd::top
