// SPDX-License-Identifier: Apache-2.0
// Protobuf bytes as a person writes them down: hexadecimal digits, text in single quotes, and brackets and
// spaces for the eye.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace test {

inline int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    throw std::logic_error{"not a hexadecimal digit"};
}

inline std::string wire(std::string_view notation) {
    std::string out;
    for (std::size_t i = 0; i < notation.size(); ++i) {
        const char c = notation[i];
        if (std::string_view{" {}[]\n"}.find(c) != std::string_view::npos) continue;
        if (c == '\'') {
            const std::size_t end = notation.find('\'', i + 1);
            out.append(notation.substr(i + 1, end - i - 1));
            i = end;
            continue;
        }
        out.push_back(static_cast<char>(digit(c) << 4 | digit(notation.at(i + 1))));
        ++i;
    }
    return out;
}

}  // namespace test
