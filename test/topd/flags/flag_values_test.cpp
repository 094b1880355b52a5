// SPDX-License-Identifier: Apache-2.0
#include "topd/flags/flag_values.hpp"

#include "topd/flags/flags.hpp"

#include <catch2/catch.hpp>

using namespace topd;
using namespace std::chrono_literals;

namespace {

template <class Read>
std::string refusal(Read read, std::string_view text) {
    try {
        read(text);
    } catch (const FlagError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("parse_bool knows the spellings of strconv") {
    for (const auto* yes : {"1", "t", "T", "true", "TRUE", "True"}) CHECK(parse_bool(yes));
    for (const auto* no : {"0", "f", "F", "false", "FALSE", "False"}) CHECK_FALSE(parse_bool(no));
    for (const auto* bad : {"", "yes", "tRUE", "true "})
        CHECK(refusal(parse_bool, bad) ==
              "strconv.ParseBool: parsing \"" + std::string{bad} + "\": invalid syntax");
}

TEST_CASE("parse_int reads decimal numbers of 32 bits") {
    CHECK(parse_int("0") == 0);
    CHECK(parse_int("+7") == 7);
    for (const auto* eleven : {"0xb", "0XB", "0o13", "0O13", "013", "0b1011", "0B1011"})
        CHECK(parse_int(eleven) == 11);
    CHECK(parse_int("-2147483648") == -2147483648LL);
    for (const auto* bad : {"", "x", "4x", "1.5", "+-3", " 1"})
        CHECK(refusal(parse_int, bad) ==
              "strconv.ParseInt: parsing \"" + std::string{bad} + "\": invalid syntax");
    CHECK(parse_int("2147483647") == 2147483647);
    for (const auto* bad : {"2147483648", "-2147483649", "99999999999"})
        CHECK(refusal(parse_int, bad) ==
              "strconv.ParseInt: parsing \"" + std::string{bad} + "\": value out of range");
}

TEST_CASE("parse_duration reads what time.ParseDuration reads") {
    struct Case {
        const char* text;
        std::chrono::nanoseconds expected;
    };
    const Case cases[] = {{"0", 0ns},
                          {"0s", 0ns},
                          {"10s", 10s},
                          {"1m0s", 60s},
                          {"1m30s", 90s},
                          {"1.5h", 90min},
                          {"300ms", 300ms},
                          {"-1.5s", -1500ms},
                          {"+2us", 2us},
                          {"2µs", 2us},
                          {"1h2m3s4ms5ns", 1h + 2min + 3s + 4ms + 5ns},
                          {".5s", 500ms},
                          {"1.s", 1s}};
    for (const Case& c : cases) DYNAMIC_SECTION(c.text) {
            CHECK(parse_duration(c.text) == c.expected);
        }
}

TEST_CASE("parse_duration refuses in Go's words") {
    CHECK(refusal(parse_duration, "") == "time: invalid duration \"\"");
    CHECK(refusal(parse_duration, "s") == "time: invalid duration \"s\"");
    CHECK(refusal(parse_duration, "10") == "time: missing unit in duration \"10\"");
    CHECK(refusal(parse_duration, "10x") == "time: unknown unit \"x\" in duration \"10x\"");
    CHECK(refusal(parse_duration, "1.2.3s") == "time: missing unit in duration \"1.2.3s\"");
    CHECK(refusal(parse_duration, "-") == "time: invalid duration \"-\"");
    CHECK(refusal(parse_duration, "9999999h") == "time: invalid duration \"9999999h\"");
}

TEST_CASE("format_duration prints what time.Duration prints") {
    struct Case {
        std::chrono::nanoseconds duration;
        const char* expected;
    };
    const Case cases[] = {{0ns, "0s"},      {1ns, "1ns"},         {1500ns, "1.5µs"},
                          {250ms, "250ms"}, {1500ms, "1.5s"},     {10s, "10s"},
                          {60s, "1m0s"},    {90500ms, "1m30.5s"}, {1h, "1h0m0s"},
                          {-5s, "-5s"},     {10002ms, "10.002s"}, {25h + 1ns, "25h0m0.000000001s"}};
    for (const Case& c : cases) DYNAMIC_SECTION(c.expected) {
            CHECK(format_duration(c.duration) == c.expected);
        }
}

TEST_CASE("parse_list reads one line of CSV") {
    struct Case {
        const char* text;
        std::vector<std::string> expected;
    };
    const Case cases[] = {{"", {}},
                          {"a", {"a"}},
                          {"a,b", {"a", "b"}},
                          {"a,,b,", {"a", "", "b", ""}},
                          {"\"a,b\",c", {"a,b", "c"}},
                          {"\"a\"\"b\"", {"a\"b"}},
                          {"\"\"", {""}}};
    for (const Case& c : cases) DYNAMIC_SECTION(c.text) {
            CHECK(parse_list(c.text) == c.expected);
        }
    CHECK(refusal(parse_list, "a\"b") == "bare \" in non-quoted-field");
    CHECK(refusal(parse_list, "\"") == "extraneous or missing \" in quoted-field");
    CHECK(refusal(parse_list, "\"a") == "extraneous or missing \" in quoted-field");
    CHECK(refusal(parse_list, "\"a\"b") == "extraneous or missing \" in quoted-field");
}

TEST_CASE("parse_bytes reads quantities of Kubernetes") {
    CHECK(parse_bytes("0") == 0);
    CHECK(parse_bytes("134217728") == 134'217'728);
    CHECK(parse_bytes("128Mi") == 134'217'728);
    CHECK(parse_bytes("2Ki") == 2048);
    CHECK(parse_bytes("3Gi") == 3'221'225'472);
    CHECK(parse_bytes("1Ti") == 1'099'511'627'776);
    CHECK(parse_bytes("5k") == 5000);
    CHECK(parse_bytes("5M") == 5'000'000);
    CHECK(parse_bytes("5G") == 5'000'000'000);
    CHECK(parse_bytes("18446744073709551615") == 18'446'744'073'709'551'615ULL);
    for (const auto* bad :
         {"", "Mi", "-1", "1.5Gi", "1 Mi", "1MiB", "1m", "18446744073709551616", "16777216Ti"})
        CHECK(refusal(parse_bytes, bad) == "must be a number of bytes, such as 64Mi");
}

TEST_CASE("parse_listen_address reads an address and a port") {
    struct Case {
        std::string text, host;
        std::uint16_t port;
    };
    const Case cases[] = {{":8000", "0.0.0.0", 8000},
                          {"127.0.0.1:1", "127.0.0.1", 1},
                          {"[::]:65535", "::", 65535},
                          {"[::1]:8000", "::1", 8000}};
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const ListenAddress address = parse_listen_address(c.text);
        CHECK(address.host == c.host);
        CHECK(address.port == c.port);
    }
    for (const auto* bad :
         {"", "8000", ":", ":0", ":65536", ":80x", "::1:8000", "[]:8000", "[127.0.0.1]:80", "host:80"})
        CHECK(refusal(parse_listen_address, bad) ==
              "must be an IP address and a port, such as 127.0.0.1:8000 or :8000");
}
