// SPDX-License-Identifier: Apache-2.0
#include "apiserver/encode/json_indent.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

TEST_CASE("indented JSON is what MarshalIndent gives, wherever the pieces are cut") {
    const std::string compact = R"({"a":{},"b":[],"c":[{"d":"x,{}\"]","e":1},null],"f\\":{"g\\\"":true}})";
    const std::string expected =
        "{\n  \"a\": {},\n  \"b\": [],\n  \"c\": [\n    {\n      \"d\": \"x,{}\\\"]\",\n      \"e\": 1\n    "
        "},\n"
        "    null\n  ],\n  \"f\\\\\": {\n    \"g\\\\\\\"\": true\n  }\n}";
    CHECK(apiserver::indented(compact) == expected);
    for (std::size_t cut = 0; cut <= compact.size(); ++cut) {
        apiserver::JsonIndenter indenter;
        std::string out;
        indenter.append(out, std::string_view{compact}.substr(0, cut));
        indenter.append(out, std::string_view{compact}.substr(cut));
        CHECK(out == expected);
    }
}
