// SPDX-License-Identifier: Apache-2.0
// JSON by columns, not by objects: a name once, then the values of all rows.
#pragma once

#include "apiserver/page/snapshot/json.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

// Rows of one table that are being told.
class Columns {
  public:
    Columns(std::string& out, const Snapshot& snapshot, const std::vector<UsageRow>& table,
            std::span<const std::uint32_t> rows)
        : out_{out}, snapshot_{snapshot}, table_{table}, rows_{rows} {}

    void texts(std::string_view key, TextId UsageRow::*text) {
        column(key, [&](const UsageRow& row) { append_text(out_, snapshot_.text(row.*text)); });
    }
    void figures(std::string_view key, std::uint64_t UsageRow::*figure) {
        column(key, [&](const UsageRow& row) { append_figure(out_, row.*figure); });
    }
    void cpu() {
        column("cpu", [&](const UsageRow& row) { append_figure(out_, shown_cpu(row)); });
    }
    // Null where the number is `none`.
    void numbers(std::string_view key, std::uint32_t UsageRow::*number, std::uint32_t none) {
        column(key, [&](const UsageRow& row) {
            append_figure(out_, row.*number == none ? kNoFigure : row.*number);
        });
    }

  private:
    template <class Append>
    void column(std::string_view key, const Append& append) {
        append_array(member(out_, key), rows_, [&](std::uint32_t at) { append(table_[at]); });
    }

    std::string& out_;
    const Snapshot& snapshot_;
    const std::vector<UsageRow>& table_;
    std::span<const std::uint32_t> rows_;
};

}  // namespace apiserver
