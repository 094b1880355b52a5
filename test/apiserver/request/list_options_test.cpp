// SPDX-License-Identifier: Apache-2.0
// What test/apiserver/contract/parameters_test.cpp does not show of the options of lists.
#include "apiserver/request/list_options.hpp"

#include <catch2/catch.hpp>

using apiserver::parse_list_options;
using apiserver::Query;

TEST_CASE("a bad option is 400 or 422 with its reason") {
    struct Case {
        const char* query;
        unsigned code;
        const char* message;
    };
    const Case cases[] = {
        {"limit=1%00", 400, R"(strconv.ParseInt: parsing "1\x00": invalid syntax)"},
        {"limit=%EF%BC%91", 400, R"(strconv.ParseInt: parsing "１": invalid syntax)"},
        {"timeoutSeconds=1%0a", 400, R"(strconv.ParseInt: parsing "1\n": invalid syntax)"},
        {"timeoutSeconds=x", 400, R"(strconv.ParseInt: parsing "x": invalid syntax)"},
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
    };
    for (const Case& c : cases) {
        CAPTURE(c.query);
        const auto options = parse_list_options(Query{c.query});
        REQUIRE_FALSE(options.has_value());
        CHECK(options.error().code == c.code);
        CHECK(options.error().message == c.message);
    }
}
