// SPDX-License-Identifier: Apache-2.0
#include "storage/watched/watched_objects.hpp"

#include "storage/names/names.hpp"
#include "storage/watched/pod_shapes.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace {

using storage::ContainerObject;
using storage::PodObject;
using storage::Quantity;
using storage::WatchedObjects;

using Amounts = std::vector<Quantity>;

const Amounts kRequests{{"cpu", 250}, {"memory", 64}, {"nvidia.com/gpu", 1}};
const Amounts kLimits{{"cpu", 1000}, {"ephemeral-storage", 7}};
const std::vector<ContainerObject> kContainers{{"app", "a:1", false, kRequests, kLimits},
                                               {"proxy", "p:1", true, {}, {}}};

PodObject pod(std::string_view name_space, std::string_view name) {
    PodObject out;
    out.name_space = name_space;
    out.name = name;
    out.uid = "uid-of-it";
    out.node = "n1";
    out.host_ip = "10.0.0.7";
    out.pod_ip = "10.1.0.9";
    out.created_by_kind = "ReplicaSet";
    out.created_by_name = "web-5d8f";
    out.workload_kind = "Deployment";
    out.workload_name = "web";
    out.containers = kContainers;
    out.requests = kRequests;
    out.limits = kLimits;
    return out;
}

std::vector<std::string> walked(const WatchedObjects& objects, std::string_view name_space = {},
                                storage::PodKey after = {}, std::size_t most = 100) {
    std::vector<std::string> out;
    objects.walk_pods(name_space, after, [&](const PodObject& each) {
        out.push_back(std::string{each.name_space} + "/" + std::string{each.name});
        return out.size() < most;
    });
    return out;
}

std::vector<std::string> walked_nodes(const WatchedObjects& objects, std::string_view after = {}) {
    std::vector<std::string> out;
    objects.walk_nodes(after, [&](const storage::NodeObject& each) {
        out.emplace_back(each.name);
        return true;
    });
    return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("A watched pod is read as it was put") {
    WatchedObjects objects;
    const std::vector<std::uint32_t> restarts{3, 0};
    {
        // Nothing may be left that looks into what was put.
        std::string name = "web-0", uid = "u7", image = "a:1", resource = "memory";
        const Amounts requests{{resource, 64}};
        const std::vector<ContainerObject> containers{{"app", image, false, requests, {}},
                                                      {"proxy", "p:1", true, {}, kLimits}};
        PodObject put = pod("shop", name);
        put.uid = uid;
        put.containers = containers;
        put.requests = requests;
        put.restarts = restarts;
        objects.put_pod(put);
        name = uid = image = resource = "changed";
    }
    const auto read = objects.pod("shop", "web-0");
    REQUIRE(read);
    CHECK(read->name_space == "shop");
    CHECK(read->name == "web-0");
    CHECK(read->uid == "u7");
    CHECK(read->node == "n1");
    CHECK(read->host_ip == "10.0.0.7");
    CHECK(read->pod_ip == "10.1.0.9");
    CHECK(read->created_by_kind == "ReplicaSet");
    CHECK(read->created_by_name == "web-5d8f");
    CHECK(read->workload_kind == "Deployment");
    CHECK(read->workload_name == "web");
    REQUIRE(read->containers.size() == 2);
    CHECK(read->containers[0].name == "app");
    CHECK(read->containers[0].image == "a:1");
    CHECK_FALSE(read->containers[0].sidecar);
    CHECK(read->containers[1].sidecar);
    CHECK(storage::amount_of(read->containers[0].requests, "memory") == 64);
    CHECK_FALSE(storage::amount_of(read->containers[0].requests, "cpu"));
    CHECK(storage::amount_of(read->containers[1].limits, "ephemeral-storage") == 7);
    CHECK(read->restarts_of(0) == 3);
    CHECK(read->restarts_of(1) == 0);
    CHECK(storage::amount_of(read->requests, "memory") == 64);
    CHECK(storage::amount_of(read->limits, "cpu") == 1000);
    CHECK_FALSE(objects.pod("shop", "web"));
    CHECK_FALSE(objects.pod("shop", "web-1"));
    CHECK_FALSE(objects.pod("sho", "web-0"));
}

TEST_CASE("A watched pod that is put anew is told anew") {
    WatchedObjects objects;
    objects.put_pod(pod("shop", "web-0"));
    CHECK(objects.sums().requests == storage::Reserved{250, 64, 0});
    CHECK(objects.sums_of_node("n1").limits == storage::Reserved{1000, 0, 7});
    PodObject moved = pod("shop", "web-0");
    moved.node = "n2";
    moved.uid = "";
    moved.pod_ip = "fd00::9";
    moved.requests = kLimits;
    objects.put_pod(moved);
    const auto read = objects.pod("shop", "web-0");
    REQUIRE(read);
    CHECK(read->node == "n2");
    CHECK(read->uid.empty());
    CHECK(read->pod_ip == "fd00::9");
    CHECK(objects.pod_count() == 1);
    CHECK(objects.sums().requests == storage::Reserved{1000, 0, 7});
    CHECK(objects.sums_of_node("n1").pods == 0);
    CHECK(objects.sums_of_node("n1").limits == storage::Reserved{});
    CHECK(objects.sums_of_node("n2").pods == 1);
}

TEST_CASE("Watched objects without a name are none, and without a node count all the same") {
    WatchedObjects objects;
    objects.put_pod(pod("", "web-0"));
    objects.put_pod(pod("shop", ""));
    objects.put_node({});
    CHECK(objects.pod_count() == 0);
    CHECK(objects.node_count() == 0);
    PodObject waiting = pod("shop", "web-0");
    waiting.node = "";
    objects.put_pod(waiting);
    CHECK(objects.pod("shop", "web-0")->node.empty());
    CHECK(objects.sums_of_namespace("shop").requests == storage::Reserved{250, 64, 0});
    objects.remove_pod("shop", "web-0");
    CHECK(objects.sums().requests == storage::Reserved{});
}

TEST_CASE("Watched nodes come and go apart from their pods") {
    WatchedObjects objects;
    objects.put_pod(pod("shop", "web-0"));
    CHECK_FALSE(objects.node("n1"));
    CHECK(objects.node_count() == 0);
    CHECK(walked_nodes(objects).empty());
    const Amounts capacity{{"cpu", 4000}, {"pods", 110}}, allocatable{{"cpu", 3920}};
    objects.put_node({"n1", capacity, allocatable});
    objects.put_node({"n0", capacity, {}});
    CHECK(walked_nodes(objects) == Texts{"n0", "n1"});
    CHECK(walked_nodes(objects, "n0") == Texts{"n1"});
    auto read = objects.node("n1");
    REQUIRE(read);
    CHECK(storage::amount_of(read->capacity, "cpu") == 4000);
    CHECK(storage::amount_of(read->capacity, "pods") == 110);
    CHECK(read->allocatable.size() == 1);
    CHECK(storage::amount_of(read->allocatable, "cpu") == 3920);
    objects.put_node({"n1", allocatable, capacity});
    read = objects.node("n1");
    CHECK(storage::amount_of(read->capacity, "cpu") == 3920);
    CHECK(storage::amount_of(read->allocatable, "pods") == 110);
    CHECK(objects.node_count() == 2);

    // Its pods count until they are told gone.
    objects.remove_node("n1");
    objects.remove_node("n1");
    objects.remove_node("nope");
    CHECK(objects.node_count() == 1);
    CHECK_FALSE(objects.node("n1"));
    CHECK(objects.sums_of_node("n1").pods == 1);
    CHECK(objects.pod("shop", "web-0")->node == "n1");
    objects.remove_pod("shop", "web-0");
    CHECK(objects.sums_of_node("n1").pods == 0);

    objects.begin_nodes();
    objects.put_node({"n2", capacity, {}});
    CHECK(objects.node_count() == 2);
    objects.end_nodes();
    CHECK(walked_nodes(objects) == Texts{"n2"});
}

TEST_CASE("Watched pods are walked in order, from any key on") {
    WatchedObjects objects;
    for (const char* name : {"web-1", "web-0", "db"}) objects.put_pod(pod("shop", name));
    objects.put_pod(pod("data", "x"));
    objects.put_pod(pod("system", "dns"));
    CHECK(walked(objects) == Texts{"data/x", "shop/db", "shop/web-0", "shop/web-1", "system/dns"});
    CHECK(walked(objects, "shop") == Texts{"shop/db", "shop/web-0", "shop/web-1"});
    CHECK(walked(objects, "shop", {"shop", "web-0"}) == Texts{"shop/web-1"});
    CHECK(walked(objects, "shop", {"shop", "f"}) == Texts{"shop/web-0", "shop/web-1"});
    CHECK(walked(objects, "", {"shop", "web-1"}) == Texts{"system/dns"});
    CHECK(walked(objects, "", {"e", "z"}, 2) == Texts{"shop/db", "shop/web-0"});
    CHECK(walked(objects, "nope").empty());
}

TEST_CASE("A list ends the watched pods that are not in it") {
    WatchedObjects objects;
    objects.put_pod(pod("shop", "a"));
    objects.put_pod(pod("shop", "b"));
    objects.put_pod(pod("data", "c"));
    objects.begin_pods();
    objects.put_pod(pod("shop", "b"));
    CHECK(objects.pod_count() == 3);
    // It failed half-way.
    objects.begin_pods();
    objects.put_pod(pod("shop", "a"));
    objects.end_pods();
    CHECK(walked(objects) == Texts{"shop/a"});
    CHECK(objects.sums().requests == storage::Reserved{250, 64, 0});
    CHECK(objects.sums_of_namespace("data").pods == 0);
    CHECK(objects.sums_of_namespace("shop").pods == 1);
    CHECK(objects.shape_count() == 1);
}

TEST_CASE("A watched pod that has ended is kept, and is in nothing else") {
    WatchedObjects objects;
    const std::vector<std::uint32_t> restarts{3, 0};
    PodObject put = pod("shop", "web-0");
    put.restarts = restarts;
    objects.put_pod(put);
    objects.put_pod(pod("data", "db"));
    CHECK_FALSE(objects.ended_pod("shop", "web-0"));
    CHECK(objects.ended_pods() == 0);
    objects.remove_pod("shop", "web-0");
    objects.remove_pod("shop", "web-0");
    objects.remove_pod("shop", "nope");
    CHECK(objects.ended_pods() == 1);
    CHECK_FALSE(objects.pod("shop", "web-0"));
    CHECK(objects.pod_count() == 1);
    CHECK(walked(objects) == Texts{"data/db"});
    CHECK(objects.sums().requests == storage::Reserved{250, 64, 0});
    CHECK(objects.sums_of_namespace("shop").requests == storage::Reserved{});
    CHECK(objects.sums_of_node("n1").pods == 1);
    // What a list has not has ended too; with the last pod its node goes.
    objects.begin_pods();
    objects.end_pods();
    CHECK(objects.ended_pods() == 2);
    CHECK(objects.ended_pod("data", "db")->uid == "uid-of-it");
    CHECK(objects.sums_of_node("n1").pods == 0);

    const auto read = objects.ended_pod("shop", "web-0");
    REQUIRE(read);
    CHECK(read->name_space == "shop");
    CHECK(read->name == "web-0");
    CHECK(read->uid == "uid-of-it");
    CHECK(read->node == "n1");
    CHECK(read->host_ip == "10.0.0.7");
    CHECK(read->pod_ip == "10.1.0.9");
    CHECK(read->created_by_name == "web-5d8f");
    REQUIRE(read->containers.size() == 2);
    CHECK(read->containers[0].image == "a:1");
    CHECK(storage::amount_of(read->containers[0].requests, "memory") == 64);
    CHECK(read->restarts_of(0) == 3);
    CHECK_FALSE(objects.ended_pod("shop", "db"));
    // Since when.
    CHECK(objects.ended_pod("shop", "web-0", 0));
    CHECK_FALSE(objects.ended_pod("shop", "web-0", 1));
    CHECK(objects.ended_pod("data", "db", 1));
}

TEST_CASE("A watched pod ends where another takes its name, and not where it is put anew") {
    WatchedObjects objects;
    PodObject put = pod("shop", "web-0");
    objects.put_pod(put);
    put.node = "n2";
    objects.put_pod(put);
    put.uid = "";
    objects.put_pod(put);
    put.uid = "uid-2";
    objects.put_pod(put);
    CHECK(objects.ended_pods() == 0);
    put.uid = "uid-3";
    put.node = "n3";
    objects.put_pod(put);
    CHECK(objects.ended_pods() == 1);
    CHECK(objects.pod("shop", "web-0")->uid == "uid-3");
    REQUIRE(objects.ended_pod("shop", "web-0"));
    CHECK(objects.ended_pod("shop", "web-0")->uid == "uid-2");
    CHECK(objects.ended_pod("shop", "web-0")->node == "n2");
    CHECK(objects.sums().pods == 1);
    CHECK(objects.sums_of_node("n2").pods == 0);
    CHECK(objects.sums_of_node("n3").requests == storage::Reserved{250, 64, 0});
    CHECK(walked(objects) == Texts{"shop/web-0"});
}

TEST_CASE("Of watched pods that have ended the newest are kept") {
    WatchedObjects objects{3};
    const auto live = [&](std::string_view name, std::string_view uid) {
        PodObject put = pod("shop", name);
        put.uid = uid;
        put.created_by_name = uid;
        objects.put_pod(put);
        objects.remove_pod("shop", name);
    };
    const auto uid_of = [&](std::string_view name) {
        const auto ended = objects.ended_pod("shop", name);
        return ended ? std::string{ended->uid} : "none";
    };
    live("a", "a-1");
    live("b", "b-1");
    live("a", "a-2");
    CHECK(uid_of("a") == "a-2");
    // The first of that name goes, the second stays.
    live("c", "c-1");
    CHECK(uid_of("a") == "a-2");
    CHECK(uid_of("b") == "b-1");
    live("d", "d-1");
    CHECK(uid_of("b") == "none");
    CHECK(uid_of("a") == "a-2");
    live("e", "e-1");
    CHECK(uid_of("a") == "none");
    CHECK(uid_of("c") == "c-1");
    CHECK(uid_of("e") == "e-1");
    CHECK(objects.ended_pods() == 6);
    CHECK(objects.ended_pod("shop", "e", 5));
    CHECK_FALSE(objects.ended_pod("shop", "e", 6));
    CHECK(objects.shape_count() == 3);

    WatchedObjects forgetful{0};
    forgetful.put_pod(pod("shop", "a"));
    forgetful.remove_pod("shop", "a");
    CHECK_FALSE(forgetful.ended_pod("shop", "a"));
    CHECK(forgetful.ended_pods() == 1);
    CHECK(forgetful.shape_count() == 0);
}

TEST_CASE("Pods of one owner share their shape, and nothing outlives them") {
    storage::Names names;
    storage::PodShapes shapes{names};
    storage::PodShape& first = shapes.hold(pod("shop", "a"));
    CHECK(&shapes.hold(pod("data", "b")) == &first);
    CHECK(shapes.size() == 1);
    const auto differs = [&](const PodObject& other) {
        storage::PodShape& shape = shapes.hold(other);
        const bool is_other = &shape != &first;
        shapes.release(shape);
        return is_other;
    };
    PodObject other = pod("shop", "a");
    CHECK_FALSE(differs(other));
    other.created_by_name = "web-6";
    CHECK(differs(other));
    other = pod("shop", "a");
    other.workload_kind = "ReplicaSet";
    CHECK(differs(other));
    other = pod("shop", "a");
    other.limits = kRequests;
    CHECK(differs(other));
    std::vector<ContainerObject> containers = kContainers;
    other = pod("shop", "a");
    other.containers = containers;
    CHECK_FALSE(differs(other));
    containers[1].sidecar = false;
    CHECK(differs(other));
    containers[1].sidecar = true;
    containers[0].image = "a:2";
    CHECK(differs(other));
    containers[0].image = "a:1";
    containers[0].requests = kLimits;
    CHECK(differs(other));
    CHECK(shapes.size() == 1);
    shapes.release(first);
    CHECK(shapes.size() == 1);
    shapes.release(first);
    CHECK(shapes.size() == 0);
    CHECK(names.size() == 0);
}

TEST_CASE("Sums over watched pods are those of the pods that there are") {
    struct Told {
        std::string node;
        std::uint64_t cpu = 0;
    };
    std::map<std::pair<std::string, std::string>, Told> told;
    WatchedObjects objects;
    std::minstd_rand random{7};
    const auto up_to = [&](unsigned most) { return static_cast<unsigned>(random() % (most + 1)); };
    const auto sum = [&](auto counts) {
        std::pair<std::size_t, std::uint64_t> out;
        for (const auto& [key, each] : told)
            if (counts(key.first, each.node)) ++out.first, out.second += each.cpu;
        return out;
    };
    const auto pair_of = [](const storage::ResourceSums& sums) {
        return std::pair{sums.pods, sums.requests.cpu};
    };
    for (int step = 0; step < 5'000; ++step) {
        const std::string name_space = "ns-" + std::to_string(up_to(3));
        const std::string name = "pod-" + std::to_string(up_to(30));
        const std::string node = "node-" + std::to_string(up_to(4));
        if (up_to(2) == 0) {
            objects.remove_pod(name_space, name);
            told.erase({name_space, name});
        } else {
            // Some so large that sums of them wrap around.
            const std::uint64_t cpu = up_to(9) == 0 ? std::uint64_t{1} << 63 : up_to(1000);
            const Amounts requests{{"cpu", cpu}};
            PodObject put = pod(name_space, name);
            put.node = node;
            put.requests = requests;
            objects.put_pod(put);
            told[{name_space, name}] = {node, cpu};
        }
        if (up_to(20) == 0) objects.remove_node(node);
        if (up_to(20) == 0) objects.put_node({node, {}, {}});
        REQUIRE(pair_of(objects.sums()) == sum([](auto&, auto&) { return true; }));
        REQUIRE(pair_of(objects.sums_of_namespace(name_space)) ==
                sum([&](auto& in, auto&) { return in == name_space; }));
        REQUIRE(pair_of(objects.sums_of_node(node)) == sum([&](auto&, auto& on) { return on == node; }));
    }
    Texts expected;
    for (const auto& [key, each] : told) expected.push_back(key.first + "/" + key.second);
    CHECK(walked(objects, "", {}, 1000) == expected);
    CHECK(expected.size() > 20);
}
