// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/field_selector.hpp"

#include <catch2/catch.hpp>

using apiserver::FieldSelector;

TEST_CASE("a field selector matches by name and namespace") {
    struct Case {
        const char* selector;
        const char* name_space;
        const char* name;
        bool expected;
    };
    const Case cases[] = {
        {"", "d", "a", true},
        {"metadata.name=a", "d", "a", true},
        {"metadata.name==a", "d", "a", true},
        {"metadata.name=b", "d", "a", false},
        {"metadata.name!=a", "d", "a", false},
        {"metadata.name!=b", "d", "a", true},
        {"metadata.namespace=d", "d", "a", true},
        {"metadata.namespace=d,metadata.name=b", "d", "a", false},
        {",metadata.name=a,,", "d", "a", true},
        {"metadata.namespace=d", "", "node", false},
        {"metadata.namespace!=d", "", "node", true},
        {"metadata.namespace=", "", "node", true},
        {R"(metadata.name=a\,b\=c\\d)", "d", R"(a,b=c\d)", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.selector);
        const auto parsed = FieldSelector::parse(c.selector);
        REQUIRE(parsed.has_value());
        CHECK(parsed->unknown_field().empty());
        CHECK(parsed->matches(c.name_space, c.name) == c.expected);
    }
}

TEST_CASE("a bad field selector is refused in Kubernetes' words") {
    const std::pair<const char*, const char*> cases[] = {
        {"a=b=c", "invalid field selector: unescaped character in value: 61"},
        {"a!==b", "invalid field selector: unescaped character in value: 61"},
        {"z,a=b=c", "invalid field selector: unescaped character in value: 61"},
        {"x", "invalid selector: 'x'; can't understand 'x'"},
        {"a=b,x", "invalid selector: 'a=b,x'; can't understand 'x'"},
        {R"(a=\x)", R"(invalid field selector: invalid escape sequence: \x)"},
        {R"(a=\)", R"(invalid field selector: invalid escape sequence: \)"},
        {"a=\\\u00e9", "invalid field selector: invalid escape sequence: \\\u00e9"},
    };
    for (const auto& [selector, expected] : cases) {
        const auto parsed = FieldSelector::parse(selector);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().text == expected);
    }
    CHECK(FieldSelector::parse(std::string(FieldSelector::kMaxBytes + 1, ',')).has_error());
}

TEST_CASE("a field that our objects do not have is named") {
    CHECK(FieldSelector::parse("metadata.name=a,spec.nodeName=n1")->unknown_field() ==
          R"("spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace")");
    CHECK(FieldSelector::parse("=x")->unknown_field() ==
          R"("" is not a known field selector: only "metadata.name", "metadata.namespace")");
}

TEST_CASE("only an equality gives an exact match") {
    CHECK(FieldSelector::parse("metadata.namespace=d,metadata.name=a")->exact_match("metadata.name") == "a");
    CHECK(FieldSelector::parse("metadata.name!=a")->exact_match("metadata.name") == std::nullopt);
}
