// SPDX-License-Identifier: Apache-2.0
#include "apiserver/yaml/key_order.hpp"

#include <cstddef>
#include <cstdint>

namespace apiserver {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Beyond ASCII everything counts as a letter: keys of labels hold nothing of it.
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// Whether a digit other than 0 stands in the run of digits that ends before `at`.
bool follows_number(std::string_view text, std::size_t at) {
    for (; at > 0 && is_digit(text[at - 1]); --at)
        if (text[at - 1] != '0') return true;
    return false;
}

// The number that starts at `at`, moved behind it. Overflow wraps, as it does in Go.
std::uint64_t read_number(std::string_view text, std::size_t& at, std::uint64_t number) {
    for (; at < text.size() && is_digit(text[at]); ++at)
        number = number * 10 + static_cast<std::uint64_t>(text[at] - '0');
    return number;
}

}  // namespace

bool yaml_key_before(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
    if (i == a.size() || i == b.size()) return a.size() < b.size();
    const bool letters = is_letter(a[i]) && is_letter(b[i]);
    if (letters) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[i]);
    if (is_letter(a[i]) || is_letter(b[i])) return is_letter(b[i]);
    // 10 and 1a: the first 1 is part of both numbers.
    const bool zero = a[i] == '0' || b[i] == '0';
    const std::uint64_t before = zero && follows_number(a, i) ? 1 : 0;
    std::size_t a_end = i;
    std::size_t b_end = i;
    const auto a_number = static_cast<std::int64_t>(read_number(a, a_end, before));
    const auto b_number = static_cast<std::int64_t>(read_number(b, b_end, before));
    if (a_number != b_number) return a_number < b_number;
    if (a_end != b_end) return a_end < b_end;
    return a[i] < b[i];
}

}  // namespace apiserver
