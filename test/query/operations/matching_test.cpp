// SPDX-License-Identifier: Apache-2.0
// Values are worked out by hand from docs/querying of Prometheus, not by this code.
#include "test/query/ask.hpp"
#include "test/query/memory_source.hpp"

#include <string>

#include <catch2/catch.hpp>

using query::kStale;
using query_test::Asked;
using query_test::MemorySource;

TEST_CASE("two vectors meet on labels") {
    const MemorySource source = query_test::pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.range("sum by (ns) (m) / limit", 30, 30, 1) == "{ns=\"a\"} 0.3@30\n{ns=\"b\"} 0.35@30\n");
    CHECK(asked.instant("m{pod=\"a1\"} + on (ns) limit", 30) == "{ns=\"a\"} 11\n");
    CHECK(asked.instant("m{pod=\"a1\"} + ignoring (pod) limit", 30) == "{ns=\"a\"} 11\n");
    CHECK(asked.instant("m + limit", 30).empty());
    CHECK(asked.instant("m{pod=\"a1\"} < ignoring (pod) limit", 30) == "{__name__=\"m\", ns=\"a\"} 1\n");
    CHECK(asked.instant("m{pod=\"a1\"} < on (ns) limit", 30) == "{ns=\"a\"} 1\n");
    CHECK(asked.instant("m{pod=\"a1\"} > bool ignoring (pod) limit", 30) == "{ns=\"a\"} 0\n");
    CHECK(asked.range("m * on (ns, pod) group_left (node) info", 30, 30, 1) ==
          "{node=\"n1\", ns=\"a\", pod=\"a1\"} 1@30\n{node=\"n1\", ns=\"b\", pod=\"b1\"} 3@30\n"
          "{node=\"n2\", ns=\"a\", pod=\"a2\"} 2@30\n");
    CHECK(asked.range("limit - on (ns) group_right m{ns=\"a\"}", 30, 30, 1) ==
          "{ns=\"a\", pod=\"a1\"} 9@30\n{ns=\"a\", pod=\"a2\"} 8@30\n");
    CHECK(asked.range("limit > on (ns) group_right m{ns=\"a\"}", 30, 30, 1) ==
          "{__name__=\"m\", ns=\"a\", pod=\"a1\"} 10@30\n{__name__=\"m\", ns=\"a\", pod=\"a2\"} 10@30\n");
    CHECK(asked.instant("m + on (ns) limit", 30) ==
          "error execution: multiple matches for labels: many-to-one matching must be explicit "
          "(group_left/group_right)");
    CHECK(asked.instant("limit{ns=\"a\"} + on (ns) m{ns=\"a\"}", 30) ==
          "error execution: found duplicate series for the match group {ns=\"a\"} on the right hand-side of "
          "the "
          "operation: [{__name__=\"m\", ns=\"a\", pod=\"a1\"}, {__name__=\"m\", ns=\"a\", "
          "pod=\"a2\"}];many-to-many "
          "matching not allowed: matching labels must be unique on one side");
    CHECK(asked.instant("m{ns=\"a\"} * on (ns) group_left (pod) info{pod=\"a1\"}", 30) ==
          "error execution: multiple matches for labels: grouping labels must ensure unique matches");
    // Nothing on the other side: nothing is looked at.
    CHECK(asked.instant("nothing + on (ns) m", 30).empty());
}

TEST_CASE("what a comparison leaves out still counts as met") {
    const MemorySource source = query_test::pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.instant("m{ns=\"a\"} > on (ns) (limit - 8.5)", 30) ==
          "error execution: multiple matches for labels: many-to-one matching must be explicit "
          "(group_left/group_right)");
    CHECK(asked.instant("m{ns=\"a\"} > on (ns) group_left (pod) (info{pod=\"a1\"} + 0.5)", 30) ==
          "error execution: multiple matches for labels: grouping labels must ensure unique matches");
}

TEST_CASE("partners are found at each step for itself") {
    MemorySource source;
    source.add("a{x=\"1\",v=\"old\"}", 15, {1, kStale});
    source.add("a{x=\"1\",v=\"new\"}", 15, {2, 2}, 15);
    source.add("b{x=\"1\"}", 15, {10, 10, 10});
    Asked asked{source, {}, 1, {}};
    CHECK(asked.range("a * on (x) b", 0, 30, 15) == "{x=\"1\"} 10@0 20@15 20@30\n");
    CHECK(asked.range("b * on (x) a", 0, 30, 15) == "{x=\"1\"} 10@0 20@15 20@30\n");
    CHECK(asked.range("b * on (x) group_left (v) a", 0, 30, 15) ==
          "{v=\"new\", x=\"1\"} 20@15 20@30\n{v=\"old\", x=\"1\"} 10@0\n");
}

TEST_CASE("and, or, unless") {
    const MemorySource source = query_test::pods();
    Asked asked{source, {}, 1, {}};
    CHECK(asked.range("m and on (ns, pod) info{node=\"n1\"}", 30, 30, 1) ==
          "{__name__=\"m\", ns=\"a\", pod=\"a1\"} 1@30\n{__name__=\"m\", ns=\"b\", pod=\"b1\"} 3@30\n");
    CHECK(asked.range("m unless on (ns, pod) info", 30, 30, 1) ==
          "{__name__=\"m\", ns=\"b\", pod=\"b2\"} 4@30\n");
    CHECK(asked.range("m{ns=\"a\"} unless ignoring (ns, pod) limit{ns=\"c\"}", 30, 30, 1) ==
          "{__name__=\"m\", ns=\"a\", pod=\"a1\"} 1@30\n{__name__=\"m\", ns=\"a\", pod=\"a2\"} 2@30\n");
    CHECK(asked.range("limit{ns=\"a\"} or m{ns=\"b\"}", 30, 30, 1) ==
          "{__name__=\"limit\", ns=\"a\"} 10@30\n{__name__=\"m\", ns=\"b\", pod=\"b1\"} 3@30\n"
          "{__name__=\"m\", ns=\"b\", pod=\"b2\"} 4@30\n");
    CHECK(asked.range("limit{ns=\"a\"} or on (ns) m{ns=\"a\"}", 30, 30, 1) ==
          "{__name__=\"limit\", ns=\"a\"} 10@30\n");
    CHECK(asked.instant("sum(nothing) or vector(0)", 30) == "{} 0\n");
    MemorySource steps;
    steps.add("a", 15, {1, kStale, 3});
    Asked over{steps, {}, 1, {}};
    CHECK(over.range("sum(a) or vector(0)", 0, 30, 15) == "{} 1@0 0@15 3@30\n");
    CHECK(over.range("vector(time()) and sum(a)", 0, 30, 15) == "{} 0@0 30@30\n");
    CHECK(over.range("vector(time()) unless sum(a)", 0, 30, 15) == "{} 15@15\n");
}

TEST_CASE("series that come to have the same labels are joined, or refused") {
    MemorySource source;
    source.add("a{x=\"1\"}", 15, {1, 2, kStale});
    source.add("b{x=\"1\"}", 15, {3, 3, 3}, 30);
    source.add("c{x=\"1\"}", 15, {1});
    Asked asked{source, {}, 1, {}};
    const std::string refused = "error execution: vector cannot contain metrics with the same labelset";
    CHECK(asked.range("-{__name__=~\"a|b\"}", 0, 45, 15) == "{x=\"1\"} -1@0 -2@15 -3@30 -3@45\n");
    CHECK(asked.range("{__name__=~\"a|b\"} * 2", 0, 45, 15) == "{x=\"1\"} 2@0 4@15 6@30 6@45\n");
    CHECK(asked.instant("-{__name__=~\"a|c\"}", 0) == refused);
    CHECK(asked.instant("{__name__=~\"a|c\"} + 1", 0) == refused);
    CHECK(asked.instant("max_over_time({__name__=~\"a|c\"}[1m])", 0) == refused);
    CHECK(asked.instant("sum(max_over_time({__name__=~\"a|c\"}[1m]))", 0) == refused);
    CHECK(asked.instant("label_replace({__name__=~\"a|c\"}, \"__name__\", \"d\", \"\", \"\")", 0) == refused);
    CHECK(asked.instant("{__name__=~\"a|c\"} > 0", 0) ==
          "{__name__=\"a\", x=\"1\"} 1\n{__name__=\"c\", x=\"1\"} 1\n");
    CHECK(asked.instant("sum({__name__=~\"a|c\"})", 0) == "{} 2\n");
}
