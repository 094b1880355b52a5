// SPDX-License-Identifier: Apache-2.0
// A table that is drawn over itself.
#pragma once

#include "topd/top/show/terminal.hpp"

#include <string>
#include <vector>

namespace topd::top {

// What the terminal is sent (ECMA-48: cursor up, erase to the end of the line and of the screen). What it
// showed before stays above, and the last drawing stays when we end: there is no state to put back.
class Screen {
  public:
    // `lines`: none wider than the terminal, and fewer than it has.
    std::string draw(const std::vector<std::string>& lines, Size size);

  private:
    std::size_t drawn_ = 0;
    Size size_;
};

}  // namespace topd::top
