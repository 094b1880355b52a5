// SPDX-License-Identifier: Apache-2.0
// Values are worked out by hand from docs/querying of Prometheus, not by this code.
#include "test/query/ask.hpp"
#include "test/query/memory_source.hpp"

#include <string>

#include <catch2/catch.hpp>

using query_test::Asked;
using query_test::MemorySource;

TEST_CASE("label_replace") {
    MemorySource source;
    source.add("a{pod=\"web-7d9c-x2\"}", 15, {1});
    Asked asked{source, {}, 1, {}};
    const auto replaced = [&](const std::string& arguments) {
        return asked.instant("label_replace(a, " + arguments + ")", 1);
    };
    const std::string unchanged = "{__name__=\"a\", pod=\"web-7d9c-x2\"} 1\n";
    CHECK(replaced("\"app\", \"$1\", \"pod\", \"(.*)-[^-]*-[^-]*\"") ==
          "{__name__=\"a\", app=\"web\", pod=\"web-7d9c-x2\"} 1\n");
    CHECK(replaced("\"app\", \"${n}_x$$\", \"pod\", \"(?P<n>[a-z]+).*\"") ==
          "{__name__=\"a\", app=\"web_x$\", pod=\"web-7d9c-x2\"} 1\n");
    // $1x is the group of that name, which there is not.
    CHECK(replaced("\"app\", \"y$1x\", \"pod\", \"(.*)\"") ==
          "{__name__=\"a\", app=\"y\", pod=\"web-7d9c-x2\"} 1\n");
    CHECK(replaced("\"app\", \"$1\", \"pod\", \"web\"") == unchanged);
    CHECK(replaced("\"pod\", \"\", \"pod\", \".*\"") == "{__name__=\"a\"} 1\n");
    CHECK(replaced("\"app\", \"none\", \"absent\", \"\"") ==
          "{__name__=\"a\", app=\"none\", pod=\"web-7d9c-x2\"} 1\n");
    CHECK(replaced("\"b-b\", \"x\", \"pod\", \".*\"") ==
          "error execution: invalid destination label name in label_replace(): b-b");
    CHECK(replaced("\"b\", \"x\", \"pod\", \"(\"") ==
          "error execution: invalid regular expression in label_replace(): (");
}
