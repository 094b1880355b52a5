// SPDX-License-Identifier: Apache-2.0
#include "storage/names/label_sets.hpp"
#include "storage/names/names.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

TEST_CASE("a name is stored once and goes with its last holder") {
    Names names;
    Names::Name a = names.hold("main");
    {
        const Names::Name b = names.hold("main");
        const Names::Name c = names.hold("sidecar");
        CHECK(names.size() == 2);
        CHECK(a.text().data() == b.text().data());
        CHECK(c.text() == "sidecar");
    }
    CHECK(names.size() == 1);
    Names::Name moved = std::move(a);
    CHECK(moved.text() == "main");
    moved = names.hold("other");
    a = {};
    CHECK(names.size() == 1);
    CHECK(moved.text() == "other");
}

TEST_CASE("names may hold any bytes and none") {
    Names names;
    const Names::Name empty = names.hold("");
    const Names::Name zero = names.hold(std::string_view{"\0", 1});
    CHECK(names.size() == 2);
    CHECK(empty.text().empty());
    CHECK(zero.text() == std::string_view{"\0", 1});
}

TEST_CASE("equal label sets share an id") {
    LabelSets sets;
    const Labels web{{"app", "web"}, {"tier", "front"}};
    const LabelSetId id = sets.hold(web);
    CHECK(sets.hold(web) == id);
    CHECK(sets.labels(id) == web);
    CHECK(sets.size() == 2);

    // Not equal, though their texts concatenated are.
    const LabelSetId one = sets.hold({{"a", "bc"}});
    const LabelSetId two = sets.hold({{"ab", "c"}});
    CHECK(one != two);
}

TEST_CASE("an id is reused after its last holder and its generation tells") {
    LabelSets sets;
    const LabelSetId id = sets.hold({{"app", "web"}});
    const std::uint32_t generation = sets.generation(id);
    sets.hold({{"app", "web"}});
    sets.release(id);
    CHECK(sets.labels(id) == Labels{{"app", "web"}});
    CHECK(sets.generation(id) == generation);
    sets.release(id);
    CHECK(sets.size() == 1);

    const LabelSetId next = sets.hold({{"app", "db"}});
    CHECK(next == id);
    CHECK(sets.generation(id) != generation);
    CHECK(sets.labels(id) == Labels{{"app", "db"}});
}

TEST_CASE("the empty label set always has its id") {
    LabelSets sets;
    CHECK(sets.hold({}) == kNoLabels);
    for (int i = 0; i < 5; ++i) sets.release(kNoLabels);
    CHECK(sets.hold({}) == kNoLabels);
    CHECK(sets.hold({{"a", "b"}}) != kNoLabels);
    CHECK(sets.labels(kNoLabels).empty());
}

TEST_CASE("references to label sets survive many more sets") {
    LabelSets sets;
    const Labels& first = sets.labels(sets.hold({{"n", "first"}}));
    for (int i = 0; i < 10'000; ++i) sets.hold({{"n", std::to_string(i)}});
    CHECK(first == Labels{{"n", "first"}});
    CHECK(sets.size() == 10'002);
}
