// SPDX-License-Identifier: Apache-2.0
#include "topd/top/client/rows.hpp"

#include "kube/json/members.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace topd::top {
namespace {

using kube::member;
using nlohmann::json;

constexpr std::string_view kCpuCurve = "cpuCurve";
constexpr std::string_view kMemoryCurve = "memoryCurve";
// More than any quantity is, and a whole number in every type that we use.
constexpr double kGreatest = 9e15;

Value value_of(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_number()) return {};
    const auto figure = value.get<double>();
    if (!(figure >= 0 && figure <= kGreatest)) return {};
    return figure;
}

double figure(const json& object, const char* name) {
    const Value value = value_of(member(object, name));
    const double* number = std::get_if<double>(&value);
    return number ? *number : 0;
}

std::int64_t whole(const json& object, const char* name) {
    return static_cast<std::int64_t>(figure(object, name));
}

std::vector<Curve> curves_of(const json& column, double scale) {
    std::vector<Curve> curves;
    for (const json& letters : column)
        curves.push_back(letters.is_string() ? read_curve(letters.get_ref<const std::string&>(), scale)
                                             : Curve{});
    return curves;
}

std::string fault_of(const json& answer) {
    const json& columns = member(answer, "columns");
    const json& names = member(columns, "name");
    if (!names.is_array()) return "it has no columns.name";
    for (const auto& [name, column] : columns.items())
        if (!column.is_array() || column.size() != names.size())
            return fmt::format("its columns are not of one length ({})", name.substr(0, 40));
    return {};
}

// `before`: the rows of earlier answers, which perhaps had no curves.
void append(std::vector<Curve>& to, std::vector<Curve> more, std::size_t before) {
    to.resize(before);
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

const Column* Rows::column(std::string_view name) const {
    const auto found = columns.find(name);
    return found == columns.end() ? nullptr : &found->second;
}

std::string add_answer(std::string_view text, Rows& rows) {
    const json answer = json::parse(text, nullptr, false);
    if (answer.is_discarded()) return "it is not JSON";
    if (std::string fault = fault_of(answer); !fault.empty()) return fault;
    const json& range = member(answer, "range");
    const json& scale = member(answer, "scale");
    rows.tick = whole(answer, "tick");
    rows.as_of = whole(answer, "asOf");
    rows.resolution = whole(answer, "resolution");
    rows.from = whole(range, "from");
    rows.to = whole(range, "to");
    rows.step = whole(range, "step");
    rows.total = static_cast<std::size_t>(whole(answer, "total"));
    rows.matched = static_cast<std::size_t>(whole(answer, "matched"));
    const double cpu = figure(scale, "cpu");
    const double memory = figure(scale, "memory");
    rows.cpu_scale = std::max(rows.cpu_scale, cpu);
    rows.memory_scale = std::max(rows.memory_scale, memory);
    const std::size_t before = rows.count;
    const json& columns = member(answer, "columns");
    rows.count += member(columns, "name").size();
    for (const auto& [name, values] : columns.items()) {
        if (name == kCpuCurve) {
            append(rows.cpu_curves, curves_of(values, cpu), before);
        } else if (name == kMemoryCurve) {
            append(rows.memory_curves, curves_of(values, memory), before);
        } else {
            Column& column = rows.columns[name];
            column.resize(before);
            for (const json& value : values) column.push_back(value_of(value));
        }
    }
    // What came on some pages only.
    for (auto& [name, column] : rows.columns) column.resize(rows.count);
    if (!rows.cpu_curves.empty()) rows.cpu_curves.resize(rows.count);
    if (!rows.memory_curves.empty()) rows.memory_curves.resize(rows.count);
    return {};
}

}  // namespace topd::top
