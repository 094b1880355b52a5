// SPDX-License-Identifier: Apache-2.0
// What a snapshot tells, as answers write it.
#pragma once

#include "apiserver/encode/json_object.hpp"
#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/page/snapshot/sources.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace apiserver {

// What every answer begins with, open: {"tick":...,"asOf":...,"resolution":...
inline std::string answer_head(const PageSources& sources, const Snapshot& snapshot) {
    std::string out;
    JsonObject head{out};
    head.number("tick", snapshot.tick);
    head.number("asOf", snapshot.as_of);
    head.number("resolution", sources.history.options().resolution.count());
    if (snapshot.cut) head.boolean("cut", true);
    return out;
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

}  // namespace apiserver
