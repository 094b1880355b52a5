// SPDX-License-Identifier: Apache-2.0
#include "apiserver/encode/json_indent.hpp"

namespace apiserver {

void JsonIndenter::break_line(std::string& out) const {
    out.push_back('\n');
    out.append(indentation_.prefix + indentation_.level * depth_, ' ');
}

void JsonIndenter::append(std::string& out, std::string_view compact) {
    for (const char c : compact) {
        if (in_string_) {
            out.push_back(c);
            if (c == '"' && !escaped_) in_string_ = false;
            escaped_ = c == '\\' && !escaped_;
            continue;
        }
        const bool closes = c == '}' || c == ']';
        if (closes) {
            --depth_;
            if (!opened_) break_line(out);
        } else if (opened_) {
            break_line(out);
        }
        opened_ = c == '{' || c == '[';
        if (opened_) ++depth_;
        out.push_back(c);
        if (c == '"') in_string_ = true;
        if (c == ',') break_line(out);
        if (c == ':') out.push_back(' ');
    }
}

std::string indented(std::string_view compact) {
    std::string out;
    JsonIndenter indenter;
    indenter.append(out, compact);
    return out;
}

}  // namespace apiserver
