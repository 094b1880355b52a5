// SPDX-License-Identifier: Apache-2.0
#include "topd/top/show/sparkline.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace topd::top {
namespace {

constexpr std::size_t kMarks = 8;
constexpr std::string_view kBlocks[kMarks] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view kAscii = "_.-~=+*#";

std::string_view mark(double value, double scale, Marks marks) {
    std::size_t level = 0;
    if (scale > 0 && value > 0) {
        const double share = std::min(value / scale, 1.0);
        // What topd rounded up to its 64 levels falls on ours without another step up.
        level = static_cast<std::size_t>(std::lround(share * (kMarks - 1)));
    }
    return marks == Marks::blocks ? kBlocks[level] : kAscii.substr(level, 1);
}

}  // namespace

std::string sparkline(const Curve& curve, double scale, std::size_t cells, Marks marks) {
    cells = std::min(cells, curve.size());
    std::string line;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        const auto first = curve.begin() + static_cast<std::ptrdiff_t>(cell * curve.size() / cells);
        const auto end = curve.begin() + static_cast<std::ptrdiff_t>((cell + 1) * curve.size() / cells);
        // No point is less than any.
        const auto highest = std::max_element(first, end);
        line += *highest ? mark(**highest, scale, marks) : " ";
    }
    return line;
}

}  // namespace topd::top
