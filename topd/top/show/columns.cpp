// SPDX-License-Identifier: Apache-2.0
#include "topd/top/show/columns.hpp"

#include <cmath>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace topd::top {
namespace {

constexpr double kMebibyte = 1024 * 1024;
// As kubectl top has it for a node without figures.
constexpr const char* kUnknown = "<unknown>";
constexpr const char* kNone = "-";

std::int64_t floor_of(double figure) {
    return static_cast<std::int64_t>(std::floor(figure));
}

std::string millicores(double figure) {
    return fmt::format("{}m", floor_of(figure));
}
std::string mebibytes(double figure) {
    return fmt::format("{}Mi", floor_of(figure / kMebibyte));
}
std::string count(double figure) {
    return fmt::format("{}", floor_of(figure));
}

using Written = std::string (*)(double);

class Builder {
  public:
    explicit Builder(const Rows& rows) : rows_{rows} { table_.rows = rows.count; }

    // Not there when topd did not send it.
    void text(const char* heading, std::string_view name) {
        const Column* column = rows_.column(name);
        if (!column) return;
        TextColumn& shown = add(heading);
        shown.shrinks = true;
        for (const Value& value : *column) {
            const auto* known = std::get_if<std::string>(&value);
            shown.cells.push_back(known && !known->empty() ? *known : kNone);
        }
    }

    void figure(const char* heading, std::string_view name, Written written, const char* otherwise) {
        const Column* column = rows_.column(name);
        if (!column) return;
        TextColumn& shown = add(heading);
        for (const Value& value : *column) {
            const double* known = std::get_if<double>(&value);
            shown.cells.push_back(known ? written(*known) : otherwise);
        }
    }

    // Not there when topd did not send the whole: it knows it with --watch-objects.
    void share(const char* heading, std::string_view part, std::string_view whole) {
        if (!rows_.column(whole)) return;
        TextColumn& shown = add(heading);
        for (std::size_t row = 0; row < rows_.count; ++row) {
            const double* used = at(part, row);
            const double* all = at(whole, row);
            shown.cells.push_back(used && all && *all > 0 ? fmt::format("{}%", floor_of(*used / *all * 100))
                                                          : kUnknown);
        }
    }

    void curve(const std::string& heading, const std::vector<Curve>& curves, double scale, Written written) {
        if (!curves.empty()) table_.curves.push_back({heading, written(scale), &curves, scale});
    }

    Table take() { return std::move(table_); }

  private:
    TextColumn& add(const char* heading) {
        table_.texts.push_back({heading, {}, false});
        return table_.texts.back();
    }

    const double* at(std::string_view name, std::size_t row) const {
        const Column* column = rows_.column(name);
        return column ? std::get_if<double>(&(*column)[row]) : nullptr;
    }

    const Rows& rows_;
    Table table_;
};

void more_of_nodes(Builder& table) {
    table.figure("CPU-REQ", "cpuRequested", millicores, kNone);
    table.figure("CPU-CAP", "cpuCapacity", millicores, kNone);
    table.figure("MEM-REQ", "memoryRequested", mebibytes, kNone);
    table.figure("MEM-CAP", "memoryCapacity", mebibytes, kNone);
    table.figure("PODS", "pods", count, kNone);
}

void more_of_pods(Builder& table) {
    table.figure("CPU-REQ", "cpuRequest", millicores, kNone);
    table.figure("CPU-LIM", "cpuLimit", millicores, kNone);
    table.figure("MEM-REQ", "memoryRequest", mebibytes, kNone);
    table.figure("MEM-LIM", "memoryLimit", mebibytes, kNone);
    table.figure("RESTARTS", "restarts", count, kNone);
    table.text("NODE", "node");
    table.text("WORKLOAD", "workload");
}

}  // namespace

Table columns_of(const Rows& rows, const Options& options) {
    Builder table{rows};
    const bool nodes = options.kind == Kind::nodes;
    const bool wide = options.output == Output::wide;
    if (options.all_namespaces) table.text("NAMESPACE", "namespace");
    table.text("NAME", "name");
    table.figure("CPU(cores)", "cpu", millicores, kUnknown);
    if (nodes) table.share("CPU(%)", "cpu", "cpuCapacity");
    table.figure("MEMORY(bytes)", "memory", mebibytes, kUnknown);
    if (nodes) table.share("MEMORY(%)", "memory", "memoryCapacity");
    if (wide) nodes ? more_of_nodes(table) : more_of_pods(table);
    if (wide) table.text("STATE", "state");
    if (wide) table.text("REASON", "reason");
    if (wide) table.text("REMEDY", "remedy");
    table.curve(fmt::format("CPU({})", options.range.name), rows.cpu_curves, rows.cpu_scale, millicores);
    table.curve(fmt::format("MEMORY({})", options.range.name), rows.memory_curves, rows.memory_scale,
                mebibytes);
    return table.take();
}

}  // namespace topd::top
