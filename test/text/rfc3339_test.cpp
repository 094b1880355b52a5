// SPDX-License-Identifier: Apache-2.0
#include "text/rfc3339.hpp"

#include <string>

#include <catch2/catch.hpp>

using text::Between;
using text::parse_rfc3339;

TEST_CASE("times of RFC 3339 are read as Go reads them") {
    struct Case {
        const char* text;
        std::int64_t expected;
    };
    const Case cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-01-05T10:02:00Z", 1'767'607'320},
        {"2026-01-05T12:02:00+02:00", 1'767'607'320},
        {"2026-01-05T04:32:00-05:30", 1'767'607'320},
        {"2026-01-05T10:02:00.000Z", 1'767'607'320},
        {"2026-01-05T10:02:00,25Z", 1'767'607'320},
        {"2024-02-29T00:00:00Z", 1'709'164'800},
        {"2026-01-05T1:02:00Z", 1'767'574'920},
        {"0000-01-01T00:00:00Z", -62'167'219'200},
        {"0001-01-01T00:00:00Z", -62'135'596'800},
        {"9999-12-31T23:59:59Z", 253'402'300'799},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto time = parse_rfc3339(c.text, Between::down);
        REQUIRE(time.has_value());
        CHECK(*time == c.expected);
    }
    CHECK(*parse_rfc3339("1970-01-01T00:00:00.0000001Z", Between::up) == 1);
    CHECK(*parse_rfc3339("1970-01-01T00:00:00.000Z", Between::up) == 0);
}

TEST_CASE("what is no time of RFC 3339 is refused in Go's words") {
    struct Case {
        std::string text;
        std::string reason;
        bool with_layout = false;
    };
    const Case cases[] = {
        {"x", R"(cannot parse "x" as "2006")", true},
        {"202", R"(cannot parse "202" as "2006")", true},
        {"2026", R"(cannot parse "" as "-")", true},
        {"2026-1-05T10:02:00Z", R"(cannot parse "1-05T10:02:00Z" as "01")", true},
        {"2026-01-05 10:02:00Z", R"(cannot parse " 10:02:00Z" as "T")", true},
        {"2026-01-05", R"(cannot parse "" as "T")", true},
        {"2026-01-05T10:02Z", R"(cannot parse "Z" as ":")", true},
        {"2026-01-05T10:02:00", R"(cannot parse "" as "Z07:00")", true},
        {"2026-01-05T10:02:00+2:00", R"(cannot parse "+2:00" as "Z07:00")", true},
        {"2026-01-05T10:02:00.Z", R"(cannot parse ".Z" as "Z07:00")", true},
        {"2026-13-05T10:02:00Z", "month out of range"},
        {"2026-00-05T10:02:00Z", "month out of range"},
        {"2026-02-29T10:02:00Z", "day out of range"},
        {"2026-01-00T10:02:00Z", "day out of range"},
        {"2026-01-05T24:02:00Z", "hour out of range"},
        {"2026-01-05T10:60:00Z", "minute out of range"},
        {"2026-01-05T10:02:60Z", "second out of range"},
        {"2026-01-05T10:02:00+25:00", "time zone offset hour out of range"},
        {"2026-01-05T10:02:00Z!", "extra text: \"!\""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto time = parse_rfc3339(c.text, Between::down);
        REQUIRE_FALSE(time.has_value());
        const std::string layout = c.with_layout ? R"( as "2006-01-02T15:04:05Z07:00")" : "";
        CHECK(time.error().text == "parsing time \"" + c.text + "\"" + layout + ": " + c.reason);
    }
    CHECK(parse_rfc3339("\"\xff", Between::down).error().text ==
          R"(parsing time "\"\xff" as "2006-01-02T15:04:05Z07:00": cannot parse "\"\xff" as "2006")");
}
