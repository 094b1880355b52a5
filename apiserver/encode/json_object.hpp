// SPDX-License-Identifier: Apache-2.0
// Members of a JSON object, appended to a text; what is empty is left out.
#pragma once

#include "text/go_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace apiserver {

class JsonObject {
  public:
    explicit JsonObject(std::string& out) : out_{out} { out_.push_back('{'); }

    void text(std::string_view key, std::string_view value) {
        if (value.empty()) return;
        begin(key);
        text::append_json_string(out_, value);
    }
    void number(std::string_view key, std::uint64_t value) {
        begin(key);
        out_.append(std::to_string(value));
    }
    void boolean(std::string_view key, bool value) {
        begin(key);
        out_.append(value ? "true" : "false");
    }
    // What is appended next is the member's value.
    std::string& begin(std::string_view key) {
        if (!first_) out_.push_back(',');
        first_ = false;
        text::append_json_string(out_, key);
        out_.push_back(':');
        return out_;
    }
    void end() { out_.push_back('}'); }

  private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace apiserver
