// SPDX-License-Identifier: Apache-2.0
// Runes, as Go calls the characters of UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace text {

struct Rune {
    char32_t value = 0;
    // Bytes taken; a byte that begins no valid sequence is taken alone.
    std::size_t bytes = 1;
    bool valid = false;
};

// The first rune of a text that is not empty, by RFC 3629: no overlong forms, no surrogates.
Rune first_rune(std::string_view text);

// unicode.IsPrint without its tables: controls, spaces but U+0020, marks of direction and format, surrogates
// and private areas are not printable; code points that are not assigned are taken for printable.
bool is_printable(char32_t rune);

}  // namespace text
