// SPDX-License-Identifier: Apache-2.0
#include "apiserver/yaml/yaml_encoder.hpp"

#include "apiserver/yaml/yaml.hpp"

#include <cassert>
#include <string_view>

namespace apiserver {

void YamlEncoder::object(std::string& out, const Row& row) {
    text_.clear();
    json_->object(text_, row);
    append_yaml(out, text_);
}

void YamlEncoder::item(std::string& out, const Row& row) {
    text_.clear();
    json_->item(text_, row);
    const bool separated = text_.front() == ',';
    append_yaml_element(out, std::string_view{text_}.substr(separated ? 1 : 0));
    empty_ = false;
}

void YamlEncoder::list_head(std::string& out, std::size_t) {
    text_.clear();
    json_->list_head(text_, 0);
    json_->list_tail(text_);
    std::string around;
    append_yaml(around, text_);
    if (empty_) {
        out.append(around);
        return;
    }
    // Where the elements belong there is an empty list, the only one.
    constexpr std::string_view kHole = ": []\n";
    const std::size_t hole = around.find(kHole);
    assert(hole != std::string::npos);
    out.append(around, 0, hole).append(":\n");
    tail_ = around.substr(hole + kHole.size());
}

}  // namespace apiserver
