// SPDX-License-Identifier: Apache-2.0
#include "topd/top/show/screen.hpp"

#include <fmt/format.h>

namespace topd::top {

std::string Screen::draw(const std::vector<std::string>& lines, Size size) {
    std::string sent;
    // Another width has folded what stands there, nobody knows how.
    if (drawn_ > 0 && size != size_) {
        sent = "\x1b[H\x1b[2J";
    } else if (drawn_ > 0) {
        sent = fmt::format("\x1b[{}A\r", drawn_);
    }
    for (const std::string& line : lines) sent += line + "\x1b[K\n";
    sent += "\x1b[J";
    drawn_ = lines.size();
    size_ = size;
    return sent;
}

}  // namespace topd::top
