// SPDX-License-Identifier: Apache-2.0
#include "text/printable.hpp"

#include <algorithm>

namespace text {

std::string printable(std::string_view text) {
    std::string line{text};
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    return line;
}

}  // namespace text
