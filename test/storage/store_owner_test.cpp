// SPDX-License-Identifier: Apache-2.0
// Pods before the watch shows them, and pages that mean harm.
#include "storage/store.hpp"
#include "test/storage/two_nodes.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

TEST_CASE("a pod that the watch shows late is served at once") {
    TwoNodes it;
    it.commit("a", 0, {line(1000, 10, 500)});
    it.commit("a", 10, {line(1010, 20, 500)});
    CHECK(it.served(10) == "?");
    CHECK(it.store.pod_count() == 0);
    CHECK(it.store.container_count() == 0);
    CHECK_FALSE(it.store.has_pod_usage());
    std::size_t walked = 0;
    it.store.walk_pods({}, {}, at(10), [&](const PodView&) { return ++walked > 0; });
    CHECK(walked == 0);

    it.store.put_pod("n", "p", {});
    CHECK(it.served(10) == "c=1000m/10s@1010");
    CHECK(it.store.has_pod_usage());
    CHECK(it.store.container_count() == 1);
    it.store.expire(at(45));
    CHECK(it.served(45) == "c=1000m/10s@1010");
}

TEST_CASE("a walk fills in only what is wanted and passes by all") {
    TwoNodes it;
    for (const char* pod : {"p", "q", "r"}) it.store.put_pod("n", pod, {{"app", pod}});
    for (const double now : {0.0, 10.0})
        it.commit("a", now,
                  {row("n", "p", "c", 1000 + now, 1 + now), row("n", "q", "c", 1000 + now, 1 + now)});
    std::string walked;
    const auto wanted = [&](const PodView& pod) {
        CHECK(pod.containers.empty());
        return it.store.labels(pod.labels) != Labels{{"app", "p"}};
    };
    it.store.walk_pods("n", {}, at(10), wanted, [&](const PodView& pod) {
        walked += std::string{pod.name} + std::to_string(pod.containers.size());
        return true;
    });
    CHECK(walked == "p0q1r0");
}

TEST_CASE("an unknown pod is kept for its age after the last page that named it") {
    TwoNodes it;
    it.commit("a", 0, {line(1000, 10, 500)});
    it.commit("a", 25, {line(1025, 20, 500)});
    SECTION("no longer") {
        it.store.expire(at(55.001));
        it.store.put_pod("n", "p", {});
        CHECK(it.served(56) == "-");
    }
    SECTION("but as long") {
        it.store.expire(at(55));
        it.store.put_pod("n", "p", {});
        CHECK(it.served(56) == "c=400m/25s@1025");
    }
    SECTION("unless the watch removes it") {
        it.store.remove_pod("n", "p");
        it.store.put_pod("n", "p", {});
        CHECK(it.served(26) == "-");
    }
    SECTION("a list of the watch does not touch it") {
        it.store.begin_pods();
        it.store.end_pods();
        it.store.put_pod("n", "p", {});
        CHECK(it.served(26) == "c=400m/25s@1025");
    }
}

TEST_CASE("unknown pods are bounded") {
    StoreOptions options;
    options.unknown_pods = 3;
    TwoNodes it{options};
    it.store.put_pod("n", "known", {});
    std::vector<PageRow> rows;
    for (const char* pod : {"1", "2", "3", "4", "known", "4", "1"}) {
        rows.push_back(row("n", pod, rows.size() < 5 ? "c" : "d", 1000, 1, 990));
    }
    CommitResult result = it.commit("a", 0, rows);
    CHECK(result.over_limit == 2);
    CHECK(result.containers == 5);
    CHECK(served(it.store, "n", "known", 0) == "c=100m/10s@1000");

    // The watch makes room, and so does time.
    it.store.put_pod("n", "1", {});
    CHECK(served(it.store, "n", "1", 0) == "c=100m/10s@1000 d=100m/10s@1000");
    CHECK(it.commit("a", 1, rows).over_limit == 0);
    CHECK(it.commit("b", 2, {row("n", "5", "c", 1000, 1, 990)}).over_limit == 1);
    it.store.expire(at(40));
    CHECK(it.commit("b", 40, {row("n", "5", "c", 1000, 1, 990)}).over_limit == 0);
}

TEST_CASE("a row without a full name is left out") {
    TwoNodes it;
    const CommitResult result = it.commit("a", 0,
                                          {row("", "p", "c", 1000, 1), row("n", "", "c", 1000, 1),
                                           row("n", "p", "", 1000, 1), row("n", "p", "c", 1000, 1)});
    CHECK(result.nameless == 3);
    CHECK(result.containers == 1);
}

TEST_CASE("names may hold any bytes") {
    TwoNodes it;
    const std::string_view name_space{"n\0\n", 3};
    const std::string_view name{"\xff\xfe/..", 5};
    it.store.put_pod(name_space, name, {});
    it.commit("a", 0, {row(name_space, name, std::string_view{"\0", 1}, 1000, 1, 990)});
    PodView view;
    REQUIRE(it.store.pod(name_space, name, at(0), view));
    REQUIRE(view.containers.size() == 1);
    CHECK(view.containers[0].name == std::string_view{"\0", 1});
    CHECK(view.name == name);
    CHECK_FALSE(it.store.pod("n", name, at(0), view));
}

TEST_CASE("a page of very many rows costs its length and no more") {
    constexpr std::size_t kRows = 200'000;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < kRows; ++i) names.push_back(std::to_string(i * 7919 % kRows));
    TwoNodes it;
    it.store.put_pod("n", "p", {});
    std::vector<PageRow> rows;

    SECTION("of unknown pods") {
        for (const std::string& name : names) rows.push_back(row("n", name, "c", 1000, 1, 990));
        CHECK(it.commit("a", 0, rows).over_limit == kRows - 20'000);
        it.store.expire(at(60));
        CHECK(it.commit("a", 61, rows).over_limit == kRows - 20'000);
    }
    SECTION("of one pod") {
        for (const std::string& name : names) rows.push_back(row("n", "p", name, 1000, 1, 990));
        CHECK(it.commit("a", 0, rows).containers == kRows);
        CHECK(it.store.container_count() == kRows);
        // Every other one again, and as many new ones between them.
        for (std::size_t i = 0; i < kRows; i += 2) {
            names[i] += "x";
            rows[i].container = names[i];
        }
        CHECK(it.commit("a", 10, rows).containers == kRows);
        CHECK(it.store.container_count() == kRows);
        it.commit("a", 100, {});
        CHECK(it.store.container_count() == 0);
    }
}

TEST_CASE("a node whose pages come and do not move is said to repeat its samples") {
    TwoNodes it;
    it.store.put_pod("n", "p", {});
    const std::vector<PageRow> rows{line(1000, 10, 990)};
    // Three bounds after the last that moved.
    for (double now = 1; now <= 121; now += 15) CHECK_FALSE(it.commit("a", now, rows).repeating);
    CHECK(it.store.repeating_node_count() == 0);
    CHECK(it.commit("a", 121.001, rows).repeating);
    CHECK(it.store.repeating_node_count() == 1);
    // It is served all the same, with its time.
    CHECK(it.served(122) == "c=1000m/10s@1000");

    SECTION("until one moves") {
        CHECK_FALSE(it.commit("a", 135, {line(1135, 10, 990), line(1000, 1, 990, "d")}).repeating);
        CHECK(it.store.repeating_node_count() == 0);
    }
    SECTION("until it is gone") {
        it.store.remove_node("a");
        CHECK(it.store.repeating_node_count() == 0);
    }
    SECTION("not when its pages stay away") {
        CHECK_FALSE(it.commit("b", 1, {}).repeating);
        CHECK_FALSE(it.commit("b", 500, {row("n", "q", "c", 1000, 1, 990)}).repeating);
    }
}
