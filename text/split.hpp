// SPDX-License-Identifier: Apache-2.0
// Parts of a text, as views into it.
#pragma once

#include <string_view>

namespace text {

// Without what it begins and ends with of `spaces`.
constexpr std::string_view trimmed(std::string_view text, std::string_view spaces = " ") {
    const auto is_space = [spaces](char c) {
        for (const char space : spaces)
            if (c == space) return true;
        return false;
    };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

// Takes the part up to the first `separator`, and that, off the front of `text`; all of it where there is
// none.
constexpr std::string_view take(std::string_view& text, char separator) {
    const std::size_t at = text.find(separator);
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return part;
}

}  // namespace text
