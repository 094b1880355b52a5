// SPDX-License-Identifier: Apache-2.0
// Values are worked out by hand from docs/querying of Prometheus, not by this code.
#include "test/query/ask.hpp"
#include "test/query/memory_source.hpp"

#include <catch2/catch.hpp>

using query_test::Asked;
using query_test::MemorySource;

TEST_CASE("scalars") {
    const MemorySource source = query_test::pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.instant("1+1", 4) == "scalar 2\n");
    CHECK(asked.instant("\"a\"", 4) == "string a");
    CHECK(asked.instant("time()", 4.5) == "scalar 4.5\n");
    CHECK(asked.range("time() * 2", 0, 30, 15) == "{} 0@0 30@15 60@30\n");
    CHECK(asked.instant("vector(1)", 4) == "{} 1\n");
    CHECK(asked.instant("scalar(limit{ns=\"a\"})", 30) == "scalar 10\n");
    CHECK(asked.instant("scalar(limit)", 30) == "scalar NaN\n");
    CHECK(asked.instant("scalar(nothing)", 30) == "scalar NaN\n");
    CHECK(asked.instant("1 > bool 2", 0) == "scalar 0\n");
    CHECK(asked.instant("-2 ^ 2", 0) == "scalar -4\n");
    CHECK(asked.instant("5 % 3", 0) == "scalar 2\n");
    CHECK(asked.instant("-5 % 3", 0) == "scalar -2\n");
    CHECK(asked.instant("1 / 0", 0) == "scalar +Inf\n");
    CHECK(asked.instant("-1 / 0", 0) == "scalar -Inf\n");
    CHECK(asked.instant("0 / 0", 0) == "scalar NaN\n");
    CHECK(asked.instant("NaN == bool NaN", 0) == "scalar 0\n");
    CHECK(asked.instant("NaN != bool NaN", 0) == "scalar 1\n");
}

TEST_CASE("a vector and a scalar") {
    const MemorySource source = query_test::pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.instant("limit{ns=\"a\"} * 2", 30) == "{ns=\"a\"} 20\n");
    CHECK(asked.instant("2 - limit{ns=\"a\"}", 30) == "{ns=\"a\"} -8\n");
    CHECK(asked.instant("-limit{ns=\"a\"}", 30) == "{ns=\"a\"} -10\n");
    CHECK(asked.instant("+limit{ns=\"a\"}", 30) == "{__name__=\"limit\", ns=\"a\"} 10\n");
    CHECK(asked.instant("limit > 15", 30) == "{__name__=\"limit\", ns=\"b\"} 20\n");
    // The vector's value is kept, on whichever side it is.
    CHECK(asked.instant("15 < limit", 30) == "{__name__=\"limit\", ns=\"b\"} 20\n");
    CHECK(asked.range("limit > bool 15", 30, 30, 1) == "{ns=\"a\"} 0@30\n{ns=\"b\"} 1@30\n");
    CHECK(asked.range("m > time() / 10", 20, 40, 20) ==
          "{__name__=\"m\", ns=\"b\", pod=\"b1\"} 3@20\n{__name__=\"m\", ns=\"b\", pod=\"b2\"} 4@20\n");
}
