// SPDX-License-Identifier: Apache-2.0
// What the watches tell the store, and the order in which it is read.
#include "storage/store.hpp"
#include "test/storage/pages.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

namespace {

using Keys = std::vector<std::string>;

Keys pods(const Store& store, std::string_view name_space = {}, PodKey after = {}, std::size_t most = 1000) {
    Keys keys;
    store.walk_pods(name_space, after, at(0), [&](const PodView& pod) {
        keys.push_back(std::string{pod.name_space} + "/" + std::string{pod.name});
        return keys.size() < most;
    });
    return keys;
}

Keys nodes(const Store& store, std::string_view after = {}, std::size_t most = 1000) {
    Keys keys;
    store.walk_nodes(after, at(0), [&](const NodeView& node) {
        keys.emplace_back(node.name);
        return keys.size() < most;
    });
    return keys;
}

Labels label(const char* value) {
    return {{"app", value}};
}

}  // namespace

TEST_CASE("pods are walked by namespace then name in byte order") {
    Store store{{}};
    for (const char* key : {"b", "a-1", "a", "a.b", "Z", "\xc3\xa9"}) {
        store.put_pod("b", key, {});
        store.put_pod("a-b", key, {});
    }
    store.put_pod("a", "z", {});
    CHECK(pods(store) == Keys{"a/z", "a-b/Z", "a-b/a", "a-b/a-1", "a-b/a.b", "a-b/b", "a-b/\xc3\xa9", "b/Z",
                              "b/a", "b/a-1", "b/a.b", "b/b", "b/\xc3\xa9"});
    CHECK(pods(store, "a") == Keys{"a/z"});
    CHECK(pods(store, "a-b").size() == 6);
    CHECK(pods(store, "none").empty());
    CHECK(store.pod_count() == 13);
}

TEST_CASE("a walk resumes after a key whether it exists or not") {
    Store store{{}};
    for (const char* name : {"a", "c", "e"}) {
        store.put_pod("n1", name, {});
        store.put_pod("n3", name, {});
        store.put_node(name, {});
    }
    CHECK(pods(store, {}, {}, 2) == Keys{"n1/a", "n1/c"});
    CHECK(pods(store, {}, {"n1", "c"}, 2) == Keys{"n1/e", "n3/a"});
    CHECK(pods(store, {}, {"n1", "b"}, 1) == Keys{"n1/c"});
    CHECK(pods(store, {}, {"n1", "z"}, 1) == Keys{"n3/a"});
    CHECK(pods(store, {}, {"n2", "b"}, 1) == Keys{"n3/a"});
    CHECK(pods(store, {}, {"n3", "e"}).empty());
    CHECK(pods(store, "n1", {"n1", "c"}) == Keys{"n1/e"});
    CHECK(pods(store, "n1", {"n1", "e"}).empty());
    CHECK(pods(store, "n1", {"n2", "a"}).empty());
    CHECK(pods(store, "n3", {"n1", "d"}) == Keys{"n3/a", "n3/c", "n3/e"});

    CHECK(nodes(store, {}, 2) == Keys{"a", "c"});
    CHECK(nodes(store, "c") == Keys{"e"});
    CHECK(nodes(store, "d") == Keys{"e"});
    CHECK(nodes(store, "e").empty());
}

TEST_CASE("a removed pod is gone with its namespace") {
    Store store{{}};
    store.put_pod("a", "x", {});
    store.put_pod("b", "x", {});
    store.remove_pod("a", "x");
    store.remove_pod("a", "x");
    store.remove_pod("c", "x");
    CHECK(pods(store) == Keys{"b/x"});
    CHECK(store.pod_count() == 1);
    CHECK(served(store, "a", "x", 0) == "?");
    CHECK(served(store, "b", "x", 0) == "-");
}

TEST_CASE("a list removes what it does not show") {
    Store store{{}};
    for (const char* name : {"a", "b", "c"}) {
        store.put_pod("n", name, {});
        store.put_node(name, {});
    }
    store.begin_pods();
    store.begin_nodes();
    store.put_pod("n", "b", {});
    store.put_pod("n", "d", {});
    store.put_node("c", {});
    CHECK(pods(store).size() == 4);
    CHECK(nodes(store).size() == 3);

    SECTION("when it ends") {
        store.end_pods();
        store.end_nodes();
        CHECK(pods(store) == Keys{"n/b", "n/d"});
        CHECK(nodes(store) == Keys{"c"});
        CHECK(store.pod_count() == 2);
        CHECK(store.node_count() == 1);
    }
    SECTION("and a list that began anew forgets the one that broke off") {
        store.begin_pods();
        store.put_pod("n", "a", {});
        store.end_pods();
        CHECK(pods(store) == Keys{"n/a"});
    }
    SECTION("all of it when it is empty") {
        store.begin_pods();
        store.end_pods();
        CHECK(pods(store).empty());
    }
}

TEST_CASE("what a watch adds after a list is not removed by its end") {
    Store store{{}};
    store.begin_pods();
    store.end_pods();
    store.put_pod("n", "a", {});
    store.end_pods();
    CHECK(pods(store) == Keys{"n/a"});
}

TEST_CASE("labels are replaced and shared") {
    Store store{{}};
    store.put_pod("n", "a", label("web"));
    store.put_pod("n", "b", label("web"));
    store.put_node("node", {});
    PodView a;
    PodView b;
    REQUIRE(store.pod("n", "a", at(0), a));
    REQUIRE(store.pod("n", "b", at(0), b));
    CHECK(a.labels == b.labels);
    CHECK(store.labels(a.labels) == label("web"));
    CHECK(store.labels(store.node("node", at(0))->labels).empty());
    const std::uint32_t generation = store.label_generation(a.labels);

    store.put_pod("n", "a", label("db"));
    REQUIRE(store.pod("n", "a", at(0), a));
    CHECK(store.labels(a.labels) == label("db"));
    CHECK(store.labels(b.labels) == label("web"));
    CHECK(store.label_generation(b.labels) == generation);

    store.remove_pod("n", "b");
    store.put_node("node", label("other"));
    const auto node = store.node("node", at(0));
    CHECK(store.labels(node->labels) == label("other"));
    CHECK(node->labels == b.labels);
    CHECK(store.label_generation(b.labels) != generation);
}

TEST_CASE("an object without a name is ignored") {
    Store store{{}};
    store.put_pod("", "a", {});
    store.put_pod("a", "", {});
    store.put_node("", {});
    CHECK(store.pod_count() == 0);
    CHECK(store.node_count() == 0);
}

TEST_CASE("a pod that is put again keeps its points and a removed one does not") {
    Store store{{}};
    store.put_node("node", {});
    store.put_pod("n", "a", {});
    store.commit("node", page({row("n", "a", "main", 1000, 5, 990)}), at(1));
    store.put_pod("n", "a", label("web"));
    CHECK(served(store, "n", "a", 1) == "main=500m/10s@1000");
    store.remove_pod("n", "a");
    store.put_pod("n", "a", {});
    CHECK(served(store, "n", "a", 1) == "-");
    CHECK_FALSE(store.has_pod_usage());
}

TEST_CASE("a node that is put again keeps its points and a removed one does not") {
    Store store{{}};
    store.put_node("node", {});
    store.commit("node", page({}, node_row(1000, 10)), at(1));
    store.commit("node", page({}, node_row(1010, 15)), at(11));
    store.put_node("node", label("x"));
    REQUIRE(store.node("node", at(11))->usage);
    CHECK(store.node("node", at(11))->usage->cpu == 500'000'000);
    CHECK(store.has_node_usage());
    store.remove_node("node");
    CHECK_FALSE(store.node("node", at(11)));
    CHECK_FALSE(store.has_node_usage());
    store.put_node("node", {});
    CHECK_FALSE(store.node("node", at(11))->usage);
}
