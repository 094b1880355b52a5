// SPDX-License-Identifier: Apache-2.0
// JSON by columns, not by objects: a name once, then the values of all rows.
#pragma once

#include "apiserver/page/snapshot/snapshot.hpp"
#include "text/go_text.hpp"

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace apiserver {

template <std::integral Number>
void append_number(std::string& out, Number number) {
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    out.append(text, end);
}

template <std::integral Number>
void append_number(std::string& out, std::optional<Number> number) {
    if (number)
        append_number(out, *number);
    else
        out.append("null");
}

// Thousandths, with three digits behind the point at most.
inline void append_thousandths(std::string& out, std::uint64_t number) {
    append_number(out, number / 1000);
    std::uint64_t rest = number % 1000;
    if (rest == 0) return;
    out.push_back('.');
    for (std::uint64_t digit = 100; rest > 0; digit /= 10) {
        out.push_back(static_cast<char>('0' + rest / digit));
        rest %= digit;
    }
}

// A figure, or null.
inline void append_figure(std::string& out, std::uint64_t figure) {
    if (figure == kNoFigure)
        out.append("null");
    else
        append_number(out, figure);
}

// A text, or null where it is empty.
inline void append_text(std::string& out, std::string_view text) {
    if (text.empty())
        out.append("null");
    else
        text::append_json_string(out, text);
}

// A member of an object: `"key":`, with a comma before all but the first.
inline std::string& member(std::string& out, std::string_view key) {
    if (out.back() != '{') out.push_back(',');
    return out.append("\"").append(key).append("\":");
}

// Rows of one table that are being told.
class Columns {
  public:
    Columns(std::string& out, const Snapshot& snapshot, const std::vector<UsageRow>& table,
            std::span<const std::uint32_t> rows)
        : out_{out}, snapshot_{snapshot}, table_{table}, rows_{rows} {}

    // append(out, row) appends the value of one.
    template <class Append>
    void column(std::string_view key, const Append& append) {
        member(out_, key).push_back('[');
        bool first = true;
        for (const std::uint32_t at : rows_) {
            if (!first) out_.push_back(',');
            first = false;
            append(out_, table_[at]);
        }
        out_.push_back(']');
    }
    void texts(std::string_view key, TextId UsageRow::*text) {
        column(key,
               [&](std::string& out, const UsageRow& row) { append_text(out, snapshot_.text(row.*text)); });
    }
    void figures(std::string_view key, std::uint64_t UsageRow::*figure) {
        column(key, [&](std::string& out, const UsageRow& row) { append_figure(out, row.*figure); });
    }
    void cpu() {
        column("cpu", [](std::string& out, const UsageRow& row) {
            append_figure(out, row.cpu == kNoFigure ? kNoFigure : millicores(row.cpu));
        });
    }
    // Null where the number is `none`.
    void numbers(std::string_view key, std::uint32_t UsageRow::*number, std::uint32_t none) {
        column(key, [&](std::string& out, const UsageRow& row) {
            append_figure(out, row.*number == none ? kNoFigure : row.*number);
        });
    }

  private:
    std::string& out_;
    const Snapshot& snapshot_;
    const std::vector<UsageRow>& table_;
    std::span<const std::uint32_t> rows_;
};

}  // namespace apiserver
