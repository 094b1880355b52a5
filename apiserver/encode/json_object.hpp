// SPDX-License-Identifier: Apache-2.0
// JSON appended to a text, a member or an item at a time.
#pragma once

#include "text/go_text.hpp"

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace apiserver {

template <std::integral Number>
void append_number(std::string& out, Number number) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

// Or null.
template <std::integral Number>
void append_number(std::string& out, std::optional<Number> number) {
    if (number)
        append_number(out, *number);
    else
        out.append("null");
}

// append(item) appends one.
template <class Items, class Append>
void append_array(std::string& out, const Items& items, const Append& append) {
    out.push_back('[');
    bool first = true;
    for (const auto& item : items) {
        if (!first) out.push_back(',');
        first = false;
        append(item);
    }
    out.push_back(']');
}

// The key of a member, with a comma before all but the object's first; what is appended next is its value.
inline std::string& member(std::string& out, std::string_view key) {
    if (out.back() != '{') out.push_back(',');
    text::append_json_string(out, key);
    out.push_back(':');
    return out;
}

class JsonObject {
  public:
    explicit JsonObject(std::string& out) : out_{out} { out_.push_back('{'); }

    // Nothing where it is empty.
    void text(std::string_view key, std::string_view value) {
        if (!value.empty()) text::append_json_string(member(key), value);
    }
    template <class Number>
    void number(std::string_view key, Number value) {
        append_number(member(key), value);
    }
    void boolean(std::string_view key, bool value) { member(key).append(value ? "true" : "false"); }
    std::string& member(std::string_view key) { return apiserver::member(out_, key); }
    void end() { out_.push_back('}'); }

  private:
    std::string& out_;
};

}  // namespace apiserver
