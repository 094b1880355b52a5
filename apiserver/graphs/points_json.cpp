// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/points_json.hpp"

#include "text/go_time.hpp"

#include <charconv>

namespace apiserver {

void append_points(std::string& out, const std::vector<MinutePoint>& points) {
    out.push_back('[');
    for (const MinutePoint& point : points) {
        if (&point != points.data()) out.push_back(',');
        out.append("{\"timestamp\":\"");
        text::append_timestamp(out, point.at);
        out.append("\",\"value\":");
        char digits[20];
        out.append(digits, std::to_chars(digits, digits + sizeof digits, point.value).ptr);
        out.push_back('}');
    }
    out.push_back(']');
}

}  // namespace apiserver
