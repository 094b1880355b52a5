// SPDX-License-Identifier: Apache-2.0
// Tables and lines for people, in printable ASCII: other bytes are written as '?'.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace apiserver {

struct Column {
    std::string_view title;
    std::size_t width;
};

// A cell is filled up to its column's width, and two spaces at least.
void append_titles(std::string& out, std::span<const Column> columns);
void append_cells(std::string& out, std::span<const Column> columns, std::span<const std::string> cells);
// The last cell of a line, of any length and with no space behind it, and the line's end.
void append_last(std::string& out, std::string_view text);
// A line of a title, filled up to the width, and a text. Nothing where the text is empty.
void append_named(std::string& out, std::string_view title, std::size_t width, std::string_view text);

}  // namespace apiserver
