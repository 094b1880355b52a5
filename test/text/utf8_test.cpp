// SPDX-License-Identifier: Apache-2.0
#include "text/utf8.hpp"

#include "text/printable.hpp"

#include <string_view>

#include <catch2/catch.hpp>

using namespace std::string_view_literals;

TEST_CASE("a rune is taken by RFC 3629") {
    struct Case {
        std::string_view text;
        char32_t value;
        std::size_t bytes;
        bool valid;
    };
    const Case cases[] = {
        {"a", 'a', 1, true},
        {"\x7f", 0x7f, 1, true},
        {"\u00fc!", 0xfc, 2, true},
        {"\u4e16", 0x4e16, 3, true},
        {"\U0001f642", 0x1f642, 4, true},
        {"\x80", 0, 1, false},
        {"\xe4\xb8", 0, 1, false},
        {"\xc0\xaf", 0, 1, false},
        {"\xed\xa0\x80", 0, 1, false},
        {"\xf4\x90\x80\x80", 0, 1, false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const text::Rune rune = text::first_rune(c.text);
        CHECK(rune.value == c.value);
        CHECK(rune.bytes == c.bytes);
        CHECK(rune.valid == c.valid);
    }
}

TEST_CASE("controls, odd spaces and marks of direction are not printable") {
    for (const char32_t shown : {U' ', U'~', U'\u00a1', U'\u4e16', U'\U0001f642'})
        CHECK(text::is_printable(shown));
    for (const char32_t hidden : {U'\n', U'\x7f', U'\u00a0', U'\u202e', U'\ufeff', U'\U000f0000'})
        CHECK_FALSE(text::is_printable(hidden));
}

TEST_CASE("foreign bytes are one line of printable ASCII") {
    CHECK(text::printable("plain, with spaces") == "plain, with spaces");
    CHECK(text::printable("a\r\nb\tc\x1b[2J\0d\x7f\xc3\xbc"sv) == "a??b?c?[2J?d???");
    CHECK(text::printable("").empty());
}
