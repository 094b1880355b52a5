// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_format.hpp"

#include <cstdlib>
#include <limits>

#include <catch2/catch.hpp>

#include <time.h>

using namespace telemetry;

namespace {

// 2026-11-23 05:58:12.123456 UTC, in a time zone that is set for the test.
constexpr std::chrono::system_clock::time_point kAt{std::chrono::microseconds{1'795'413'492'123'456}};

void set_time_zone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
}

std::string text(std::initializer_list<Field> fields, Severity severity = Severity::info) {
    set_time_zone("UTC");
    return to_text({severity, kAt, 1234, "/src/net/http/server.cpp", 42, "msg", fields});
}

std::string json(std::initializer_list<Field> fields, Severity severity = Severity::info) {
    return to_json({severity, kAt, 1234, "net/http/server.cpp", 42, "msg", fields});
}

}  // namespace

TEST_CASE("a text line has klog's form to the byte") {
    CHECK(text({}) == "I1123 05:58:12.123456    1234 server.cpp:42] \"msg\"\n");
    CHECK(text({}, Severity::warning) == "W1123 05:58:12.123456    1234 server.cpp:42] \"msg\"\n");
    CHECK(text({{"err", "boom"}, {"node", "n1"}}, Severity::error) ==
          "E1123 05:58:12.123456    1234 server.cpp:42] \"msg\" err=\"boom\" node=\"n1\"\n");
    CHECK(text({{"count", 3}, {"ok", true}, {"no", false}, {"below", -7}}) ==
          "I1123 05:58:12.123456    1234 server.cpp:42] \"msg\" count=3 ok=true no=false below=-7\n");
}

TEST_CASE("a text line shows local time and short figures with zeros") {
    set_time_zone("Europe/Berlin");
    const auto at = std::chrono::system_clock::time_point{std::chrono::microseconds{1'704'070'861'000'007}};
    CHECK(to_text({Severity::info, at, 12345678, "a.cpp", 7, "m", {}}) ==
          "I0101 02:01:01.000007 12345678 a.cpp:7] \"m\"\n");
}

TEST_CASE("a text value of several lines becomes a block") {
    const std::string head = "I1123 05:58:12.123456    1234 server.cpp:42] \"msg\" ";
    CHECK(text({{"key", "line 1\nline \"2\""}, {"n", 1}}) ==
          head + "key=<\n\tline 1\n\tline \"2\"\n > n=1\n");
    CHECK(text({{"key", "line 1\n"}}) == head + "key=<\n\tline 1\n >\n");
    CHECK(text({{"key", "\n\nx"}}) == head + "key=<\n\t\n\t\n\tx\n >\n");
}

TEST_CASE("a block shows its lines as they are, but for what a terminal would obey") {
    const std::string head = "I1123 05:58:12.123456    1234 server.cpp:42] \"msg\" ";
    struct Case {
        const char* name;
        std::string_view value;
        const char* expected;
    };
    using namespace std::string_view_literals;
    const Case cases[] = {
        {"a forged line", "x\nE1127 00:00:00.000000       1 a.cpp:1] \"forged\"",
         "\tx\n\tE1127 00:00:00.000000       1 a.cpp:1] \"forged\"\n"},
        {"escapes and returns", "x\n\x1b[31m\rE1127 forged", "\tx\n\t\\x1b[31m\\rE1127 forged\n"},
        {"other controls", "x\n\0\x07\x7f"sv, "\tx\n\t\\x00\\x07\\x7f\n"},
        {"C1", "x\n\u0085\u009b31m", "\tx\n\t\\u0085\\u009b31m\n"},
        {"line separators and directions", "x\n\u2028\u2029\u202e\u2066\u061c",
         "\tx\n\t\\u2028\\u2029\\u202e\\u2066\\u061c\n"},
        {"invalid bytes", "x\n\x80\xff", "\tx\n\t\\x80\\xff\n"},
        {"tabs and runes stay", "go:\n\tmain.go:1 grün \\n", "\tgo:\n\t\tmain.go:1 grün \\n\n"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(text({{"key", c.value}}) == head + "key=<\n" + c.expected + " >\n");
        }
}

TEST_CASE("a key that is no word is quoted") {
    const std::string head = "I1123 05:58:12.123456    1234 server.cpp:42] \"msg\" ";
    CHECK(text({{"a=b", 1}}) == head + "\"a=b\"=1\n");
    CHECK(text({{"a\nE1127", "x"}}) == head + "\"a\\nE1127\"=\"x\"\n");
    CHECK(text({{"", "x"}}) == head + "\"\"=\"x\"\n");
}

TEST_CASE("a long value is cut and the rest counted, whatever it is made of") {
    struct Case {
        std::string unit;
        // Bytes that stand for one unit in a text line and in a JSON line.
        std::size_t in_text;
        std::size_t in_json;
    };
    const Case cases[] = {{"a", 1, 1}, {"\x1b", 4, 6}, {"\xff", 4, 6}, {"ü", 2, 2}, {"\U000f0000", 10, 12}};
    for (const Case& c : cases) {
        CAPTURE(c.unit);
        std::string value;
        for (int i = 0; i < 20'000; ++i) value += c.unit;
        const auto cut = [&](std::size_t each) {
            const std::size_t kept = kLongestValue / each * c.unit.size();
            return "... (" + std::to_string(value.size() - kept) + " more bytes)\"";
        };
        CHECK(text({{"k", value}}).find(cut(c.in_text)) != std::string::npos);
        CHECK(json({{"k", value}}).find(cut(c.in_json)) != std::string::npos);
        for (const std::string& rest :
             {value, value + "\n" + value, "\n" + value, std::string(20'000, '\n')}) {
            CHECK(text({{"k", rest}}).size() < 2 * kLongestValue + 200);
            CHECK(json({{"k", rest}}).size() < kLongestValue + 200);
        }
    }
}

TEST_CASE("a JSON line has the form of component-base to the byte") {
    CHECK(json({}) == "{\"ts\":1795413492123.456,\"caller\":\"server.cpp:42\",\"msg\":\"msg\",\"v\":0}\n");
    CHECK(json({{"node", "n1"}, {"count", 3}, {"ok", true}}, Severity::warning) ==
          "{\"ts\":1795413492123.456,\"caller\":\"server.cpp:42\",\"msg\":\"msg\",\"v\":0,\"node\":\"n1\","
          "\"count\":3,"
          "\"ok\":true}\n");
    CHECK(json({{"err", "boom"}}, Severity::error) ==
          "{\"ts\":1795413492123.456,\"caller\":\"server.cpp:42\",\"msg\":\"msg\",\"err\":\"boom\"}\n");
}

TEST_CASE("JSON text is escaped and stays valid for any bytes") {
    using namespace std::string_view_literals;
    const auto value = [](std::string_view text) {
        const std::string line = json({{"k", text}});
        const auto start = line.find("\"k\":") + 4;
        return line.substr(start, line.size() - start - 2);
    };
    CHECK(value("a\"b\\c/d") == R"("a\"b\\c/d")");
    CHECK(value("\n\r\t") == R"("\n\r\t")");
    CHECK(value("\0\x1f\b"sv) == R"("\u0000\u001f\u0008")");
    CHECK(value("grün\x80") == "\"grün\\ufffd\"");
    CHECK(value("\x7f\u009b\u2028\u202e\U000e0001") == R"("\u007f\u009b\u2028\u202e\udb40\udc01")");
    CHECK(json({{"x", std::numeric_limits<double>::quiet_NaN()},
                {"y", -std::numeric_limits<double>::infinity()}})
              .find(R"("x":"nan","y":"-inf"})") != std::string::npos);
}
