// SPDX-License-Identifier: Apache-2.0
// Columns of text and of curves, laid out for a width.
#pragma once

#include "topd/top/client/curve.hpp"
#include "topd/top/show/sparkline.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace topd::top {

struct TextColumn {
    std::string heading;
    // Of any bytes: what is not printable ASCII is shown as '?', so that nothing moves the cursor.
    std::vector<std::string> cells;
    // May be cut short when there is too little room.
    bool shrinks = false;
};

struct CurveColumn {
    // CPU, and how the range is called: CPU(1h)
    std::string heading;
    // The highest value of the scale as it is shown, 250m, where there is room for it: CPU(1h,max=250m)
    std::string highest;
    const std::vector<Curve>* curves = nullptr;
    double scale = 0;
};

// Curves stand behind texts.
struct Table {
    std::vector<TextColumn> texts;
    std::vector<CurveColumn> curves;
    std::size_t rows = 0;
};

struct Layout {
    // Columns of the terminal; nullopt: what is written goes to no terminal and is not cut.
    std::optional<std::size_t> width;
    Marks marks = Marks::blocks;
    bool headings = true;
};

// Lines without their ends, none wider than the terminal. When there is little room curves get narrower, then
// names shorter, then curves go, the last first.
std::vector<std::string> lay_out(const Table& table, const Layout& layout);

}  // namespace topd::top
