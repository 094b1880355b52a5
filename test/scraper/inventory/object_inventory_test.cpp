// SPDX-License-Identifier: Apache-2.0
#include "scraper/inventory/object_inventory.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace {

using storage::amount_of;

// Says what it was told.
template <class Object>
struct Listener final : kube::Observer<Object> {
    void begin_list() override { told.emplace_back("begin"); }
    void end_list() override { told.emplace_back("end"); }
    void put(const Object& object) override { told.push_back("put " + object.name); }
    void removed(const Object& object) override { told.push_back("removed " + object.name); }
    std::vector<std::string> told;
};

struct ObjectScene {
    storage::WatchedObjects objects;
    Listener<kube::Pod> next_pods;
    Listener<kube::Node> next_nodes;
    scraper::PodObjects pods{objects, next_pods};
    scraper::NodeObjects nodes{objects, next_nodes};
};

kube::FullPod full_pod(const std::string& name) {
    kube::FullPod pod;
    pod.name_space = "shop";
    pod.name = name;
    pod.uid = "u7";
    pod.node = "n1";
    pod.owner_kind = "ReplicaSet";
    pod.owner_name = "web-5d8f";
    pod.labels = {{"pod-template-hash", "5d8f"}};
    pod.phase = "Running";
    pod.containers.resize(2);
    pod.containers[0].name = "app";
    pod.containers[0].image = "a:1";
    pod.containers[0].resources = {{{"cpu", 250}, {"memory", 64}}, {{"cpu", 1000}}};
    pod.containers[1].name = "proxy";
    pod.containers[1].sidecar = true;
    pod.containers[1].resources.requests = {{"cpu", 100}, {"nvidia.com/gpu", 1}};
    return pod;
}

}  // namespace

TEST_CASE("whole objects are handed on as they come") {
    ObjectScene scene;
    scene.pods.begin_list();
    scene.pods.put(full_pod("a"));
    scene.pods.end_list();
    scene.pods.removed(full_pod("a"));
    CHECK(scene.next_pods.told == std::vector<std::string>{"begin", "put a", "end", "removed a"});
    kube::FullNode node;
    node.name = "n1";
    scene.nodes.begin_list();
    scene.nodes.put(node);
    scene.nodes.end_list();
    scene.nodes.removed(node);
    CHECK(scene.next_nodes.told == std::vector<std::string>{"begin", "put n1", "end", "removed n1"});
}

TEST_CASE("a whole pod is kept with its containers, its workload and the sums over them") {
    ObjectScene scene;
    kube::FullPod put = full_pod("web-0");
    put.host_ip = "10.0.0.7";
    put.pod_ip = "10.1.0.9";
    scene.pods.put(put);
    const auto pod = scene.objects.pod("shop", "web-0");
    REQUIRE(pod);
    CHECK(pod->uid == "u7");
    CHECK(pod->node == "n1");
    CHECK(pod->host_ip == "10.0.0.7");
    CHECK(pod->pod_ip == "10.1.0.9");
    CHECK(pod->created_by_kind == "ReplicaSet");
    CHECK(pod->created_by_name == "web-5d8f");
    CHECK(pod->workload_kind == "Deployment");
    CHECK(pod->workload_name == "web");
    REQUIRE(pod->containers.size() == 2);
    CHECK(pod->containers[0].name == "app");
    CHECK(pod->containers[0].image == "a:1");
    CHECK(amount_of(pod->containers[0].requests, "memory") == 64);
    CHECK(amount_of(pod->containers[0].limits, "cpu") == 1000);
    CHECK(pod->containers[1].sidecar);
    CHECK(amount_of(pod->containers[1].requests, "cpu") == 100);
    CHECK(pod->restarts.empty());
    CHECK(amount_of(pod->requests, "cpu") == 350);
    CHECK(amount_of(pod->requests, "memory") == 64);
    CHECK(amount_of(pod->requests, "nvidia.com/gpu") == 1);
    CHECK(amount_of(pod->limits, "cpu") == 1000);
    CHECK_FALSE(amount_of(pod->limits, "memory"));
}

TEST_CASE("what a pod says for itself replaces the sum over its containers") {
    ObjectScene scene;
    kube::FullPod put = full_pod("web-0");
    put.resources = {{{"cpu", 500}}, {{"memory", 128}}};
    scene.pods.put(put);
    const auto pod = scene.objects.pod("shop", "web-0");
    CHECK(amount_of(pod->requests, "cpu") == 500);
    CHECK(amount_of(pod->requests, "memory") == 64);
    CHECK(amount_of(pod->limits, "cpu") == 1000);
    CHECK(amount_of(pod->limits, "memory") == 128);
    CHECK(amount_of(pod->containers[0].requests, "cpu") == 250);
}

TEST_CASE("restarts find their container by its name") {
    struct Case {
        const char* name;
        std::vector<std::pair<std::string, std::uint32_t>> told;
        std::vector<std::uint32_t> kept;
    };
    const Case cases[] = {
        {"none", {}, {}},
        {"in another order", {{"proxy", 1}, {"app", 3}}, {3, 1}},
        {"of one", {{"proxy", 1}}, {0, 1}},
        {"of init containers alone", {{"migrate", 7}}, {}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            ObjectScene scene;
            kube::FullPod put = full_pod("web-0");
            put.restarts = c.told;
            scene.pods.put(put);
            const auto pod = scene.objects.pod("shop", "web-0");
            CHECK(std::vector<std::uint32_t>(pod->restarts.begin(), pod->restarts.end()) == c.kept);
        }
}

TEST_CASE("a pod that has ended is not kept, and one whose names are too long neither") {
    ObjectScene scene;
    scene.pods.put(full_pod("web-0"));
    kube::FullPod ended = full_pod("web-0");
    ended.phase = "Failed";
    scene.pods.put(ended);
    CHECK(scene.objects.pod_count() == 0);
    scene.pods.put(full_pod(std::string(300, 'x')));
    CHECK(scene.objects.pod_count() == 0);
    CHECK(scene.next_pods.told.size() == 3);
    kube::FullPod odd = full_pod("odd");
    odd.uid = std::string(100, 'u');
    scene.pods.put(odd);
    CHECK(scene.objects.pod("shop", "odd")->uid.empty());
    kube::FullNode node;
    node.name = std::string(300, 'x');
    scene.nodes.put(node);
    CHECK(scene.objects.node_count() == 0);
}
