// SPDX-License-Identifier: Apache-2.0
#include "query/source/labels.hpp"

#include <iterator>

#include <catch2/catch.hpp>

using query::Labels;

TEST_CASE("labels are a sorted set without empty values") {
    Labels labels = Labels::of({{"b", "2"}, {"a", "1"}, {"c", ""}, {"b", "3"}});
    CHECK(labels.text() == "{a=\"1\", b=\"3\"}");
    CHECK(labels.get("b") == "3");
    CHECK(labels.get("c").empty());
    labels.set("aa", "x");
    CHECK(labels.text() == "{a=\"1\", aa=\"x\", b=\"3\"}");
    labels.set("a", "");
    labels.set("z", "9");
    labels.set("b", "4");
    CHECK(labels.text() == "{aa=\"x\", b=\"4\", z=\"9\"}");
    Labels out;
    labels.filter({"a", "b", "z"}, true, out);
    CHECK(out.text() == "{b=\"4\", z=\"9\"}");
    labels.filter({"b"}, false, out);
    CHECK(out.text() == "{aa=\"x\", z=\"9\"}");
    CHECK(Labels::of({{"a", "bc"}}) != Labels::of({{"ab", "c"}}));
}

TEST_CASE("labels are ordered as Prometheus orders them") {
    const Labels sorted[] = {Labels{}, Labels::of({{"a", "1"}}), Labels::of({{"a", "1"}, {"b", "1"}}),
                             Labels::of({{"a", "2"}}), Labels::of({{"b", "0"}})};
    for (std::size_t i = 0; i + 1 < std::size(sorted); ++i) CHECK(sorted[i] < sorted[i + 1]);
}
