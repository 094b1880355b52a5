// SPDX-License-Identifier: Apache-2.0
#include "topd/top/show/json_items.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace topd::top {
namespace {

using Json = nlohmann::ordered_json;

Json number(double figure) {
    if (figure == std::floor(figure)) return static_cast<std::int64_t>(figure);
    return figure;
}

Json json_of_value(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* figure = std::get_if<double>(&value)) return number(*figure);
    return nullptr;
}

// What was sent were 64 levels: more digits than these say nothing.
Json json_of_curve(const Curve& curve) {
    Json points = Json::array();
    for (const auto& point : curve) points.push_back(point ? Json(std::llround(*point)) : Json());
    return points;
}

}  // namespace

std::string json_of(const Rows& rows, const Options& options) {
    Json whole;
    whole["kind"] = options.kind == Kind::nodes ? "node" : "pod";
    whole["tick"] = rows.tick;
    whole["asOf"] = rows.as_of;
    whole["resolution"] = rows.resolution;
    whole["range"] = {{"from", rows.from}, {"to", rows.to}, {"step", rows.step}};
    whole["total"] = rows.total;
    whole["matched"] = rows.matched;
    Json& items = whole["items"] = Json::array();
    for (std::size_t row = 0; row < rows.count; ++row) {
        Json item = Json::object();
        for (const auto& [name, column] : rows.columns) item[name] = json_of_value(column[row]);
        if (!rows.cpu_curves.empty()) item["cpuCurve"] = json_of_curve(rows.cpu_curves[row]);
        if (!rows.memory_curves.empty()) item["memoryCurve"] = json_of_curve(rows.memory_curves[row]);
        items.push_back(std::move(item));
    }
    return whole.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace topd::top
