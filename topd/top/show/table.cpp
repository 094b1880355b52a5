// SPDX-License-Identifier: Apache-2.0
#include "topd/top/show/table.hpp"

#include "text/printable.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace topd::top {
namespace {

// Between columns, as kubectl has it.
constexpr std::size_t kGap = 3;
// Of a curve, in cells.
constexpr std::size_t kNarrowest = 11;
constexpr std::size_t kUsual = 24;
// What a name keeps so that curves have room.
constexpr std::size_t kShortName = 20;
constexpr std::size_t kShortest = 6;

// A piece of a line, and the columns of the terminal that it takes.
struct Piece {
    std::string text;
    std::size_t width = 0;
};

std::string_view mark_of_a_cut(Marks marks) {
    return marks == Marks::blocks ? "…" : "~";
}

// Of ASCII and our own marks, each of which takes one column.
Piece cut(const std::string& text, std::size_t width, Marks marks) {
    const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) != 0x80; };
    const auto columns = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
    if (columns <= width) return {text, columns};
    if (width == 0) return {};
    std::size_t kept = 0;
    for (std::size_t seen = 0; kept < text.size(); ++kept)
        if (begins(text[kept]) && ++seen == width) break;
    return {text.substr(0, kept) + std::string{mark_of_a_cut(marks)}, width};
}

class Plan {
  public:
    Plan(const Table& table, const Layout& layout) : table_{table}, layout_{layout} {
        for (const TextColumn& column : table.texts) {
            std::size_t width = layout.headings ? column.heading.size() : 0;
            for (const std::string& cell : column.cells) width = std::max(width, cell.size());
            widths_.push_back(width);
        }
        curves_ = table.curves.size();
        for (const CurveColumn& column : table.curves)
            for (const Curve& curve : *column.curves) points_ = std::max(points_, curve.size());
        if (points_ == 0) curves_ = 0;
        if (!layout.width)
            cells_ = std::min(kUsual, points_);
        else
            fit(*layout.width);
    }

    std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        if (layout_.headings) lines.push_back(headings());
        for (std::size_t row = 0; row < table_.rows; ++row) lines.push_back(line(row));
        return lines;
    }

  private:
    std::size_t text_width() const {
        std::size_t width = 0;
        for (const std::size_t one : widths_) width += one + kGap;
        return width - std::min(width, kGap);
    }

    void fit(std::size_t width) {
        // The best that may be had first: whole names and all curves, then shorter names, then fewer curves.
        for (; curves_ > 0; --curves_) {
            const std::size_t least = curves_ * (kNarrowest + kGap);
            if (text_width() + least <= width) break;
            const std::size_t room = width - std::min(width, least);
            if (shrunk_width(kShortName) <= room) {
                shrink(room, kShortName);
                break;
            }
        }
        if (curves_ > 0) {
            const std::size_t room = width - text_width() - curves_ * kGap;
            cells_ = std::min(room / curves_, points_);
        } else {
            shrink(width, kShortest);
        }
    }

    std::size_t shrunk_width(std::size_t shortest) const {
        std::size_t width = text_width();
        for (std::size_t i = 0; i < widths_.size(); ++i)
            if (table_.texts[i].shrinks && widths_[i] > shortest) width -= widths_[i] - shortest;
        return width;
    }

    // Takes from the widest that may shrink, column by column of the terminal.
    void shrink(std::size_t room, std::size_t shortest) {
        for (std::size_t over = text_width() - std::min(text_width(), room); over > 0; --over) {
            std::size_t* widest = nullptr;
            for (std::size_t i = 0; i < widths_.size(); ++i)
                if (table_.texts[i].shrinks && widths_[i] > shortest && (!widest || widths_[i] > *widest))
                    widest = &widths_[i];
            if (!widest) return;
            --*widest;
        }
    }

    std::string join(const std::vector<Piece>& pieces) const {
        std::string line;
        std::size_t left = layout_.width.value_or(std::string::npos);
        for (std::size_t i = 0; i < pieces.size() && left > 0; ++i) {
            // Texts that no shrinking made fit.
            const bool fits = pieces[i].width <= left;
            line += fits ? pieces[i].text : cut(pieces[i].text, left, layout_.marks).text;
            left -= std::min(left, pieces[i].width);
            if (i + 1 == pieces.size()) break;
            const std::size_t column = column_width(i);
            const std::size_t pad = std::min(column - std::min(column, pieces[i].width) + kGap, left);
            line.append(pad, ' ');
            left -= pad;
        }
        while (line.ends_with(' ')) line.pop_back();
        return line;
    }

    std::size_t column_width(std::size_t column) const {
        if (column < widths_.size()) return widths_[column];
        if (!layout_.headings) return cells_;
        return std::max(cells_, curve_heading(table_.curves[column - widths_.size()]).size());
    }

    std::string curve_heading(const CurveColumn& column) const {
        std::string full =
            fmt::format("{},max={})", column.heading.substr(0, column.heading.size() - 1), column.highest);
        if (full.size() <= std::max(cells_, layout_.width ? 0 : kUsual)) return full;
        return column.heading.substr(0, layout_.width ? std::max(cells_, kNarrowest) : std::string::npos);
    }

    std::string headings() const {
        std::vector<Piece> pieces;
        for (std::size_t i = 0; i < widths_.size(); ++i)
            pieces.push_back(cut(table_.texts[i].heading, widths_[i], layout_.marks));
        for (std::size_t i = 0; i < curves_; ++i) {
            std::string heading = curve_heading(table_.curves[i]);
            const std::size_t width = heading.size();
            pieces.push_back({std::move(heading), width});
        }
        return join(pieces);
    }

    std::string line(std::size_t row) const {
        std::vector<Piece> pieces;
        for (std::size_t i = 0; i < widths_.size(); ++i)
            pieces.push_back(cut(text::printable(table_.texts[i].cells[row]), widths_[i], layout_.marks));
        for (std::size_t i = 0; i < curves_; ++i) {
            const CurveColumn& column = table_.curves[i];
            const Curve& curve = (*column.curves)[row];
            pieces.push_back(
                {sparkline(curve, column.scale, cells_, layout_.marks), std::min(cells_, curve.size())});
        }
        return join(pieces);
    }

    const Table& table_;
    const Layout& layout_;
    std::vector<std::size_t> widths_;
    // How many are shown, and how wide each.
    std::size_t curves_ = 0;
    std::size_t cells_ = 0;
    std::size_t points_ = 0;
};

}  // namespace

std::vector<std::string> lay_out(const Table& table, const Layout& layout) {
    return Plan{table, layout}.lines();
}

}  // namespace topd::top
