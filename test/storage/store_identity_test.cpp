// SPDX-License-Identifier: Apache-2.0
// Whose a pod is that two nodes show, and objects that are replaced under their names.
#include "storage/store.hpp"
#include "test/storage/two_nodes.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

TEST_CASE("a pod that two nodes show is the first one's while its points count") {
    TwoNodes it;
    it.store.put_pod("n", "p", {}, "uid");
    it.commit("a", 0, {line(1000, 10, 500)});
    it.commit("a", 10, {line(1010, 20, 500)});

    SECTION("whatever another one claims") {
        for (const double started : {400.0, 1005.0, 9e8})
            CHECK(it.commit("b", 11, {line(started + 6, 1, started)}).foreign == 1);
        CHECK(it.served(11) == "c=1000m/10s@1010");
        // The loser's page does not take away what it does not own.
        it.commit("b", 12, {});
        CHECK(it.served(12) == "c=1000m/10s@1010");
    }
    SECTION("a crash loop does not give it away") {
        it.commit("a", 20, {});
        CHECK(it.commit("b", 21, {line(1021, 31, 1015)}).foreign == 1);
        CHECK(it.served(21) == "-");
    }
    SECTION("an owner that has been silent for longer than the bound loses") {
        CHECK(it.commit("b", 50, {line(900, 1, 400)}).foreign == 1);
        CHECK(it.commit("b", 50.001, {line(900, 1, 400)}).containers == 1);
        CHECK(it.served(50.001) == "-");
    }
    SECTION("an owner that is gone loses") {
        it.store.remove_node("a");
        CHECK(it.served(11) == "c=1000m/10s@1010");
        CHECK(it.commit("b", 12, {line(900, 1, 400)}).containers == 1);
        CHECK(it.served(12) == "-");
    }
}

TEST_CASE("the API server says whose a pod is that two nodes show") {
    TwoNodes it;
    it.store.put_pod("n", "p", {}, "uid");
    it.commit("a", 0, {line(1000, 10, 500)});
    it.commit("a", 10, {line(1010, 20, 500)});
    CHECK(it.store.take_disputed().empty());
    it.commit("b", 11, {line(1011, 1, 900)});
    it.commit("b", 12, {line(1011, 1, 900)});
    const std::vector<DisputedPod> disputed = it.store.take_disputed();
    REQUIRE(disputed.size() == 1);
    CHECK(disputed[0].name_space == "n");
    CHECK(disputed[0].name == "p");
    CHECK(it.store.take_disputed().empty());

    SECTION("the first one's") {
        it.store.settle({"n", "p"}, "uid", "a");
        CHECK(it.served(12) == "c=1000m/10s@1010");
        // Not even when it is silent for long.
        CHECK(it.commit("b", 60, {line(1060, 50, 900)}).foreign == 1);
        CHECK(it.served(60) == "-");
        it.commit("b", 200, {line(1200, 50, 900)});
        CHECK(it.store.take_disputed().empty());
    }
    SECTION("the other one's: nothing of the first is left") {
        it.store.settle({"n", "p"}, "uid", "b");
        CHECK(it.served(12) == "-");
        CHECK_FALSE(it.store.has_pod_usage());
        CHECK(it.commit("a", 20, {line(1020, 30, 500)}).foreign == 1);
        it.commit("b", 21, {line(1021, 2, 900)});
        it.commit("b", 31, {line(1031, 3, 900)});
        CHECK(it.served(31) == "c=100m/10s@1031");
    }
    SECTION("a third one's") {
        it.store.settle({"n", "p"}, "uid", "c");
        CHECK(it.commit("a", 20, {line(1020, 30, 500)}).foreign == 1);
        CHECK(it.commit("b", 20, {line(1020, 30, 500)}).foreign == 1);
    }
    SECTION("not if it speaks of another pod of that name, or does not know") {
        it.store.settle({"n", "p"}, "other", "b");
        it.store.settle({"n", "p"}, "uid", "");
        it.store.settle({"n", "q"}, "uid", "b");
        CHECK(it.served(12) == "c=1000m/10s@1010");
        CHECK(it.commit("b", 13, {line(1013, 2, 900)}).foreign == 1);
    }
    SECTION("one that was not settled is asked for again after a while") {
        for (const double now : {40.0, 70.0}) it.commit("a", now, {line(1000 + now, 10 + now, 500)});
        it.commit("b", 70.999, {line(1013, 2, 900)});
        CHECK(it.store.take_disputed().empty());
        it.commit("b", 71, {line(1013, 2, 900)});
        CHECK(it.store.take_disputed().size() == 1);
    }
    SECTION("a new pod of that name is not settled yet") {
        it.store.settle({"n", "p"}, "uid", "a");
        it.store.put_pod("n", "p", {}, "new");
        CHECK(it.commit("b", 13, {line(1013, 2, 900)}).containers == 1);
        CHECK(it.commit("a", 14, {line(1014, 2, 900)}).foreign == 1);
        CHECK(it.store.take_disputed().size() == 1);
    }
    SECTION("one that goes meanwhile is not asked for") {
        it.store.put_pod("n", "q", {}, "uid");
        it.commit("a", 20, {row("n", "q", "c", 1020, 1, 500)});
        it.commit("b", 21, {row("n", "q", "c", 1020, 1, 500)});
        it.store.remove_pod("n", "q");
        CHECK(it.store.take_disputed().empty());
    }
}

TEST_CASE("disputes are bounded") {
    TwoNodes it;
    std::vector<std::string> names;
    for (int i = 0; i < 1100; ++i) names.push_back(std::to_string(i));
    std::vector<PageRow> rows;
    for (const std::string& name : names) {
        it.store.put_pod("n", name, {});
        rows.push_back(row("n", name, "c", 1000, 1, 990));
    }
    it.commit("a", 0, rows);
    it.commit("b", 1, rows);
    CHECK(it.store.take_disputed().size() == 1000);
    // Those that are settled make room.
    for (int i = 0; i < 50; ++i) it.store.settle({"n", names[static_cast<std::size_t>(i)]}, "u", "a");
    it.commit("b", 2, rows);
    CHECK(it.store.take_disputed().size() == 50);
    // And those that go.
    it.store.remove_pod("n", names[100]);
    it.store.remove_pod("n", names[101]);
    it.commit("b", 3, rows);
    CHECK(it.store.take_disputed().size() == 2);
}

TEST_CASE("another UID under a name is another object") {
    TwoNodes it;
    const Labels none;
    SECTION("of a node, in a watch or in a list") {
        it.store.put_node("m", none, {"one"});
        it.store.commit("m", page({}, node_row(1000, 10)), at(0));
        it.store.commit("m", page({}, node_row(1010, 20)), at(10));
        CHECK(it.store.node("m", at(10))->usage.has_value());
        it.store.put_node("m", none, {"one"});
        it.store.put_node("m", none, {});
        CHECK(it.store.node("m", at(10))->usage.has_value());
        it.store.begin_nodes();
        it.store.put_node("m", none, {"two"});
        it.store.end_nodes();
        CHECK_FALSE(it.store.node("m", at(10))->usage.has_value());
        CHECK(it.store.node_count() == 1);
        // Its counter is another one, and higher.
        it.store.commit("m", page({}, node_row(1011, 900'000)), at(11));
        CHECK_FALSE(it.store.node("m", at(11))->usage.has_value());
        it.store.commit("m", page({}, node_row(1021, 900'005)), at(21));
        CHECK(it.store.node("m", at(21))->usage->cpu == 500'000'000);
    }
    SECTION("of a pod") {
        it.store.put_pod("n", "p", none, "one");
        it.commit("a", 0, {line(1000, 10, 0)});
        it.commit("a", 10, {line(1010, 20, 0)});
        it.store.put_pod("n", "p", none, "one");
        CHECK(it.served(10) == "c=1000m/10s@1010");
        it.store.put_pod("n", "p", none, "two");
        CHECK(it.served(10) == "-");
        CHECK(it.store.pod_count() == 1);
        it.commit("a", 11, {line(1011, 5000, 0)});
        CHECK(it.served(11) == "-");
        it.commit("a", 21, {line(1021, 5001, 0)});
        CHECK(it.served(21) == "c=100m/10s@1021");
    }
}
