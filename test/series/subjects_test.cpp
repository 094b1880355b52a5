// SPDX-License-Identifier: Apache-2.0
#include "series/subjects.hpp"

#include "test/series/cluster.hpp"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

using query::Matcher;
using query::MatchOp;
using series::Kind;
using series_test::Cluster;

namespace {

// Pods p0 ... p149 in a, b and c, on two nodes in turn.
void fill(Cluster& cluster) {
    cluster.put_node("n1");
    cluster.put_node("n2");
    cluster.begin(15);
    cluster.node("n1", 1, 1);
    cluster.node("n2", 1, 1);
    for (int i = 0; i < 150; ++i)
        for (const char* name_space : {"a", "b", "c"}) {
            const std::string name = "p" + std::to_string(i);
            cluster.put_pod(name_space, name);
            cluster.pod(i % 2 == 0 ? "n1" : "n2", name_space, name, {{"main", 1, 1}});
        }
    cluster.end();
}

Matcher matcher(std::string label, MatchOp op, std::string value) {
    return std::move(*Matcher::make(std::move(label), op, std::move(value)));
}

// What is found, each once, and in how many calls.
struct Found {
    std::set<std::string> things;
    std::size_t calls = 0;
    std::size_t twice = 0;
};

Found found(const Cluster& cluster, Kind kind, const std::vector<Matcher>& matchers) {
    Found all;
    series::Subjects subjects{cluster.history, kind, series::Keys::all, matchers};
    std::vector<series::Thing> things;
    for (bool more = true; more; ++all.calls) {
        REQUIRE(all.calls < 100);
        more = subjects.next(things);
        CHECK(things.size() <= 64);
        for (const auto& each : things) {
            const std::string key = each.name_space + "/" + each.pod + "/" + each.container + "@" + each.node;
            if (!all.things.insert(key).second) ++all.twice;
        }
    }
    CHECK(all.twice == 0);
    return all;
}

std::vector<Matcher> one(Matcher matcher) {
    std::vector<Matcher> all;
    all.push_back(std::move(matcher));
    return all;
}

}  // namespace

TEST_CASE("all containers, pods and nodes are found once, some at a time") {
    Cluster cluster;
    fill(cluster);
    CHECK(found(cluster, Kind::container, {}).things.size() == 450);
    CHECK(found(cluster, Kind::pod, {}).things.size() == 450);
    CHECK(found(cluster, Kind::pod, {}).calls > 7);
    CHECK(found(cluster, Kind::node, {}).things == std::set<std::string>{"//@n1", "//@n2"});
    CHECK(found(cluster, Kind::container, {}).things.count("b/p7/main@n2") == 1);
}

TEST_CASE("names lead to what they name without a look at the rest") {
    Cluster cluster;
    fill(cluster);
    std::vector<Matcher> both;
    both.push_back(Matcher::equal("namespace", "b"));
    both.push_back(matcher("pod", MatchOp::matches, "p7|p8|none"));
    const Found two = found(cluster, Kind::container, both);
    CHECK(two.things == std::set<std::string>{"b/p7/main@n2", "b/p8/main@n1"});
    CHECK(two.calls == 1);
    const Found pod = found(cluster, Kind::pod, one(Matcher::equal("pod", "p149")));
    CHECK(pod.things == std::set<std::string>{"a/p149/@n2", "b/p149/@n2", "c/p149/@n2"});
    const Found spaces = found(cluster, Kind::pod, one(matcher("namespace", MatchOp::matches, "a|c|x")));
    CHECK(spaces.things.size() == 300);
    CHECK(found(cluster, Kind::pod, one(matcher("namespace", MatchOp::not_equal, "a"))).things.size() == 300);
    CHECK(found(cluster, Kind::pod, one(Matcher::equal("instance", "n2"))).things.size() == 225);
    CHECK(found(cluster, Kind::pod, one(matcher("node", MatchOp::matches, "n2|n3"))).things.size() == 225);
    CHECK(found(cluster, Kind::node, one(matcher("instance", MatchOp::matches, "n2|n3"))).things ==
          std::set<std::string>{"//@n2"});
    CHECK(found(cluster, Kind::container, one(Matcher::equal("namespace", ""))).things.empty());
    CHECK(found(cluster, Kind::container, one(Matcher::equal("container", "other"))).things.empty());
}

TEST_CASE("pods that come and go between two calls cost no other") {
    Cluster cluster;
    fill(cluster);
    series::Subjects subjects{cluster.history, Kind::pod, series::Keys::all, {}};
    std::vector<series::Thing> things;
    std::set<std::string> seen;
    for (bool more = true; more;) {
        more = subjects.next(things);
        for (const auto& each : things) CHECK(seen.insert(each.name_space + each.pod).second);
        cluster.put_pod("b", "added-" + std::to_string(seen.size()));
        cluster.begin(30 + 15 * static_cast<std::int64_t>(seen.size()));
        cluster.pod("n1", "b", "added-" + std::to_string(seen.size()), {{"main", 1, 1}});
        cluster.end();
    }
    for (int i = 0; i < 150; ++i)
        for (const char* name_space : {"a", "b", "c"})
            CHECK(seen.count(name_space + ("p" + std::to_string(i))) == 1);
}
