// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/list_options.hpp"

#include <catch2/catch.hpp>

using apiserver::parse_list_options;
using apiserver::Query;

TEST_CASE("what a list does not act on is ignored") {
    const auto query =
        GENERATE(as<std::string>{}, "", "limit=500", "limit=-1", "continue=x", "resourceVersion=text",
                 "allowWatchBookmarks=x", "timeoutSeconds=5", "unknown=1", "watch=0", "watch=False",
                 "resourceVersionMatch=Exact&resourceVersion=1");
    CAPTURE(query);
    const auto options = parse_list_options(Query{query});
    REQUIRE(options.has_value());
    CHECK(options->labels.empty());
    CHECK(options->fields.empty());
    CHECK_FALSE(options->watch);
}

TEST_CASE("the selectors and watch are read") {
    const auto options =
        parse_list_options(Query{"labelSelector=a&labelSelector=b%3D&fieldSelector=metadata.name%3Dx"});
    REQUIRE(options.has_value());
    REQUIRE(options->labels.requirements().size() == 1);
    CHECK(options->labels.requirements()[0].key == "a");
    CHECK(options->fields.exact_match("metadata.name") == "x");
    for (const char* query : {"watch", "watch=", "watch=true", "watch=bogus", "watch=1&limit=3",
                              "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"})
        CHECK(parse_list_options(Query{query})->watch);
}

TEST_CASE("a bad option is 400 or 422 with its reason") {
    struct Case {
        const char* query;
        unsigned code;
        const char* message;
    };
    const Case cases[] = {
        {"limit=abc", 400, R"(strconv.ParseInt: parsing "abc": invalid syntax)"},
        {"limit=", 400, R"(strconv.ParseInt: parsing "": invalid syntax)"},
        {"limit=1%00", 400, R"(strconv.ParseInt: parsing "1\x00": invalid syntax)"},
        {"limit=%EF%BC%91", 400, R"(strconv.ParseInt: parsing "１": invalid syntax)"},
        {"timeoutSeconds=1%0a", 400, R"(strconv.ParseInt: parsing "1\n": invalid syntax)"},
        {"timeoutSeconds=x", 400, R"(strconv.ParseInt: parsing "x": invalid syntax)"},
        {"labelSelector=a%3D%3D%3Db", 400, "unable to parse requirement: found '=', expected: identifier"},
        {"fieldSelector=x", 400, "invalid selector: 'x'; can't understand 'x'"},
        {"fieldSelector=spec.nodeName%3Dn1", 400,
         R"("spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace")"},
        {"resourceVersionMatch=Exact", 422,
         R"(ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided)"},
        {"resourceVersionMatch=Bogus&resourceVersion=1", 422,
         R"(ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Bogus": supported values: "Exact", "NotOlderThan", "")"},
        {"resourceVersionMatch=Exact&resourceVersion=0&continue=x", 422,
         R"(ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided, resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"])"},
        {"resourceVersionMatch=NotOlderThan", 422,
         R"(ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided)"},
        {"watch=1&sendInitialEvents=false", 422,
         R"(ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan)"},
        {"watch=1&resourceVersionMatch=NotOlderThan&continue=x", 422,
         R"(ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided, resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided])"},
        {"watch=1&sendInitialEvents=true&resourceVersionMatch=Exact", 422,
         R"(ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"])"},
        {"limit=9223372036854775808", 400,
         R"(strconv.ParseInt: parsing "9223372036854775808": value out of range)"},
        {"sendInitialEvents=", 422,
         R"(ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list)"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.query);
        const auto options = parse_list_options(Query{c.query});
        REQUIRE_FALSE(options.has_value());
        CHECK(options.error().code == c.code);
        CHECK(options.error().message == c.message);
    }
}
