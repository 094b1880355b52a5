// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/text_table.hpp"

#include "text/printable.hpp"

namespace apiserver {
namespace {

void append_cell(std::string& out, std::string_view text, std::size_t width) {
    out.append(text::printable(text));
    out.append(text.size() < width ? width - text.size() : 0, ' ').append("  ");
}

}  // namespace

void append_titles(std::string& out, std::span<const Column> columns) {
    for (const Column& column : columns) append_cell(out, column.title, column.width);
}

void append_cells(std::string& out, std::span<const Column> columns, std::span<const std::string> cells) {
    for (std::size_t i = 0; i < columns.size(); ++i) append_cell(out, cells[i], columns[i].width);
}

void append_last(std::string& out, std::string_view text) {
    out.append(text::printable(text));
    out.erase(out.find_last_not_of(' ') + 1);
    out.push_back('\n');
}

void append_named(std::string& out, std::string_view title, std::size_t width, std::string_view text) {
    if (text.empty()) return;
    append_cell(out, title, width);
    append_last(out, text);
}

}  // namespace apiserver
