// SPDX-License-Identifier: Apache-2.0
// The rows are what Go prints.
#include "text/go_text.hpp"

#include "text/go_time.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {

std::string json(std::string_view text) {
    std::string out;
    text::append_json_string(out, text);
    return out;
}

std::string timestamp(std::int64_t seconds) {
    std::string out;
    text::append_timestamp(out, seconds);
    return out;
}

std::string duration(std::chrono::nanoseconds value) {
    std::string out;
    text::append_duration(out, value);
    return out;
}

}  // namespace

TEST_CASE("a JSON string is escaped as encoding/json does it") {
    struct Case {
        std::string_view text;
        const char* expected;
    };
    const Case cases[] = {
        {"", R"("")"},
        {"web-0", R"("web-0")"},
        {"<a>&\"\\\n\t\b\f\r\x01\x7f", "\"\\u003ca\\u003e\\u0026\\\"\\\\\\n\\t\\b\\f\\r\\u0001\x7f\""},
        {"a/b", R"("a/b")"},
        {"\u2028\u2029\u2027", "\"\\u2028\\u2029\u2027\""},
        {"\u00e9\U0001f600", "\"\u00e9\U0001f600\""},
        {"\xff\xc0\xaf", R"("\ufffd\ufffd\ufffd")"},
        {"\xe2\x80", R"("\ufffd\ufffd")"},
        {"\xed\xa0\x80", R"("\ufffd\ufffd\ufffd")"},
        {"\xf4\x90\x80\x80", R"("\ufffd\ufffd\ufffd\ufffd")"},
        {"\xe0\x9f\xbf", R"("\ufffd\ufffd\ufffd")"},
        {std::string_view{"a\0b", 3}, R"("a\u0000b")"},
    };
    for (const Case& c : cases) CHECK(json(c.text) == c.expected);
}

TEST_CASE("quoted text is what Go's %q gives") {
    CHECK(text::quoted("web") == R"("web")");
    CHECK(text::quoted("<a>&\"\\\n\t\b\f\r\x01\x7f") == R"("<a>&\"\\\n\t\b\f\r\x01\x7f")");
    CHECK(text::quoted("\u2028\u00a0\u200b\ufeff\u4e16") == "\"\\u2028\\u00a0\\u200b\\ufeff\u4e16\"");
    CHECK(text::quoted("\u00e9\xff\xc0\xaf") == "\"\u00e9\\xff\\xc0\\xaf\"");
}

TEST_CASE("a timestamp has whole seconds and the letter Z") {
    CHECK(timestamp(0) == "1970-01-01T00:00:00Z");
    CHECK(timestamp(1795361486) == "2026-11-22T15:31:26Z");
    CHECK(timestamp(951782399) == "2000-02-28T23:59:59Z");
    CHECK(timestamp(951782400) == "2000-02-29T00:00:00Z");
    CHECK(timestamp(-1) == "1969-12-31T23:59:59Z");
}

TEST_CASE("a duration is written as Go writes it") {
    struct Case {
        std::chrono::nanoseconds value;
        const char* expected;
    };
    const Case cases[] = {
        {0ns, "0s"},
        {1ns, "1ns"},
        {999ns, "999ns"},
        {1us, "1\u00b5s"},
        {1500ns, "1.5\u00b5s"},
        {15ms, "15ms"},
        {1500us, "1.5ms"},
        {10002ms, "10.002s"},
        {1500ms, "1.5s"},
        {1min, "1m0s"},
        {61500ms, "1m1.5s"},
        {3661s, "1h1m1s"},
        {100h, "100h0m0s"},
        {-1s, "-1s"},
        {std::chrono::nanoseconds::min(), "-2562047h47m16.854775808s"},
    };
    for (const Case& c : cases) CHECK(duration(c.value) == c.expected);
}

TEST_CASE("a duration is read as Go reads it") {
    struct Case {
        const char* text;
        std::chrono::nanoseconds expected;
    };
    const Case cases[] = {{"1h1m1.5s", 3661500ms},
                          {"-1s", -1s},
                          {".5s", 500ms},
                          {"0.1s", 100ms},
                          {"1.000000001s", 1000000001ns},
                          {"0.00000000000000000000000001h", 0ns},
                          {"1\u00b5s", 1us},
                          {"+0", 0ns},
                          {"1\u03bcs1ns", 1001ns},
                          {"2us", 2us}};
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto parsed = text::parse_duration(c.text);
        REQUIRE(parsed.has_value());
        CHECK(*parsed == c.expected);
    }
}

TEST_CASE("a bad duration is refused in Go's words") {
    const std::pair<const char*, const char*> cases[] = {
        {"abc", R"(time: invalid duration "abc")"},
        {"5", R"(time: missing unit in duration "5")"},
        {"5x", R"(time: unknown unit "x" in duration "5x")"},
        {"1.", R"(time: missing unit in duration "1.")"},
        {"", R"(time: invalid duration "")"},
        {"1e3s", R"(time: unknown unit "e" in duration "1e3s")"},
        {"9999999999h", R"(time: invalid duration "9999999999h")"},
        {"100000000000000000000s", R"(time: invalid duration "100000000000000000000s")"},
        {"-", R"(time: invalid duration "-")"},
        {"1s2", R"(time: missing unit in duration "1s2")"},
        {"s", R"(time: invalid duration "s")"},
        {"\"", R"(time: invalid duration "\"")"},
        {"\u00e9", R"(time: invalid duration "\xc3\xa9")"},
    };
    for (const auto& [text, expected] : cases) {
        const auto parsed = text::parse_duration(text);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().text == expected);
    }
}

TEST_CASE("an integer is read as Go reads it") {
    for (const auto& [text, expected] : {std::pair<const char*, std::int64_t>{"0", 0},
                                         {"500", 500},
                                         {"-7", -7},
                                         {"+7", 7},
                                         {"007", 7},
                                         {"9223372036854775807", std::numeric_limits<std::int64_t>::max()}}) {
        const auto parsed = text::parse_int(text);
        REQUIRE(parsed.has_value());
        CHECK(*parsed == expected);
    }
    for (const char* text : {"abc", "", "1a", "+", "-", "+-1", " 1", "1.0"}) {
        const auto parsed = text::parse_int(text);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().text ==
              "strconv.ParseInt: parsing \"" + std::string{text} + "\": invalid syntax");
    }
    CHECK(text::parse_int("9223372036854775808").error().text ==
          "strconv.ParseInt: parsing \"9223372036854775808\": value out of range");
}

TEST_CASE("what is quoted has the escapes of percent q") {
    struct Case {
        const char* name;
        std::string_view value;
        const char* expected;
    };
    using namespace std::string_view_literals;
    const Case cases[] = {
        {"empty", "", R"("")"},
        {"plain", "a b=c", R"("a b=c")"},
        {"quotes and backslashes", R"(a"b\c)", R"("a\"b\\c")"},
        {"named controls", "\a\b\f\n\r\t\v", R"("\a\b\f\n\r\t\v")"},
        {"other controls", "\0\x01\x1b\x7f"sv, R"("\x00\x01\x1b\x7f")"},
        {"printable runes", "grün 世界 🙂", "\"grün 世界 🙂\""},
        {"hidden runes", "\u00a0\u00ad\u200b\u2028\ufeff", R"("\u00a0\u00ad\u200b\u2028\ufeff")"},
        {"private plane", "\U000f0000", R"("\U000f0000")"},
        {"a lone continuation byte", "a\x80z", R"("a\x80z")"},
        {"a cut rune", "\xe4\xb8", R"("\xe4\xb8")"},
        {"an overlong form", "\xc0\xaf\xe0\x80\xaf", R"("\xc0\xaf\xe0\x80\xaf")"},
        {"a surrogate", "\xed\xa0\x80", R"("\xed\xa0\x80")"},
        {"over the last plane", "\xf4\x90\x80\x80\xff", R"("\xf4\x90\x80\x80\xff")"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(text::quoted(c.value) == c.expected);
        }
}
