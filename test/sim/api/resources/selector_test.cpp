// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/resources/selector.hpp"

#include <catch2/catch.hpp>

namespace sim {

TEST_CASE("Label selectors choose as Kubernetes does") {
    const Labels labels{{"app", "web"}, {"empty", ""}, {"in", "x"}, {"tier", "front"}};
    struct Case {
        const char* selector;
        bool matches;
    };
    const Case cases[] = {
        {"", true},
        {"  ", true},
        {"app=web", true},
        {"app==web", true},
        {"app=db", false},
        {"app!=web", false},
        {"app!=db", true},
        {"none!=x", true},
        {"app", true},
        {"none", false},
        {"!none", true},
        {"!app", false},
        {"app in (web,db)", true},
        {"app in (db)", false},
        {"app notin (db)", true},
        {"app notin (web)", false},
        {"none notin (web)", true},
        {"none in (web)", false},
        {" app = web , tier = front ", true},
        {"app=web,tier=back", false},
        {"empty=", true},
        {"app=", false},
        {"empty in ()", true},
        {"in", true},
        {"in in (x)", true},
        {"app=web,tier in (front,back),!none", true},
        {"app in (db,,web)", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.selector);
        const auto selector = LabelSelector::parse(c.selector);
        REQUIRE(selector.has_value());
        CHECK(selector->matches(labels) == c.matches);
    }
}

TEST_CASE("Broken label selectors are refused") {
    const char* const broken[] = {"a===b", "!",     "a in (b",    "a in b", ",",        "a,",
                                  "a b",   "a=b=c", "a in (b c)", "=b",     "a in ((b)"};
    for (const char* text : broken) {
        CAPTURE(text);
        CHECK_FALSE(LabelSelector::parse(text).has_value());
    }
    CHECK(LabelSelector::parse("a,").error().message ==
          "unable to parse requirement: found '', expected: identifier after ','");
}

TEST_CASE("Field selectors are read term by term") {
    const auto terms = parse_field_selector("status.phase=Running,metadata.name!=x,,spec.nodeName==n1,a=");
    REQUIRE(terms.has_value());
    REQUIRE(terms->size() == 4);
    const FieldTerm expected[] = {{"status.phase", "Running", true},
                                  {"metadata.name", "x", false},
                                  {"spec.nodeName", "n1", true},
                                  {"a", "", true}};
    for (std::size_t i = 0; i < terms->size(); ++i) {
        CHECK((*terms)[i].field == expected[i].field);
        CHECK((*terms)[i].value == expected[i].value);
        CHECK((*terms)[i].equal == expected[i].equal);
    }
    CHECK(parse_field_selector("")->empty());
    CHECK(parse_field_selector("x").error().message == "invalid selector: 'x'; can't understand 'x'");
    CHECK_FALSE(parse_field_selector("=x").has_value());
}

}  // namespace sim
