// SPDX-License-Identifier: Apache-2.0
#include "kube/json/decode_full.hpp"
#include "kube/wire/decode_full.hpp"
#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace kube;
using namespace kube::test;

namespace {

// A pod as kubectl prints it, cut to what matters.
constexpr const char* kJsonPod = R"({
  "metadata": {
    "name": "web-0", "namespace": "shop", "uid": "u7", "resourceVersion": "811",
    "labels": {"app": "web", "pod-template-hash": "5d8f"},
    "ownerReferences": [
      {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-5d8f", "uid": "y", "controller": true},
      {"apiVersion": "v1", "kind": "Node", "name": "n9", "uid": "x"}]},
  "spec": {
    "nodeName": "n1",
    "resources": {"requests": {"cpu": "700m"}, "limits": {"memory": "1Gi"}},
    "initContainers": [
      {"name": "migrate", "image": "m:1", "resources": {"requests": {"cpu": "2"}}},
      {"name": "proxy", "image": "p:1", "restartPolicy": "Always", "resources": {"requests": {"cpu": "0.1"}}}],
    "containers": [
      {"name": "app", "image": "a:1", "env": [{"name": "PASSWORD", "value": "hunter2"}],
       "resources": {"requests": {"memory": "64Mi", "cpu": "250m", "nvidia.com/gpu": "1"},
                     "limits": {"memory": "bad", "cpu": "1"}, "claims": [{"name": "c"}]}}]},
  "status": {
    "phase": "Running", "hostIP": "10.0.0.7", "podIP": "10.1.0.9",
    "initContainerStatuses": [{"name": "proxy", "ready": true, "restartCount": 2}],
    "containerStatuses": [{"name": "app", "ready": true, "started": true, "restartCount": 3}]}
})";

std::string amount(unsigned field, std::string_view resource, std::string_view text) {
    return bytes(field, bytes(1, resource) + bytes(2, bytes(1, text)));
}

// The same pod, by the field numbers of generated.proto.
std::string protobuf_pod() {
    const std::string metadata =
        bytes(1, "web-0") + bytes(3, "shop") + bytes(5, "u7") + bytes(6, "811") + entry(11, "app", "web") +
        entry(11, "pod-template-hash", "5d8f") +
        bytes(13, bytes(1, "ReplicaSet") + bytes(3, "web-5d8f") + bytes(5, "apps/v1") + number(6, 1)) +
        bytes(13, bytes(1, "Node") + bytes(3, "n9"));
    const std::string app =
        bytes(1, "app") + bytes(2, "a:1") + bytes(7, bytes(1, "PASSWORD") + bytes(2, "hunter2")) +
        bytes(8, amount(1, "memory", "bad") + amount(1, "cpu", "1") + amount(2, "memory", "64Mi") +
                     amount(2, "cpu", "250m") + amount(2, "nvidia.com/gpu", "1") + bytes(3, bytes(1, "c")));
    const std::string migrate = bytes(1, "migrate") + bytes(2, "m:1") + bytes(8, amount(2, "cpu", "2"));
    const std::string proxy =
        bytes(1, "proxy") + bytes(2, "p:1") + bytes(8, amount(2, "cpu", "0.1")) + bytes(24, "Always");
    const std::string spec = bytes(10, "n1") + bytes(20, migrate) + bytes(20, proxy) + bytes(2, app) +
                             bytes(40, amount(2, "cpu", "700m") + amount(1, "memory", "1Gi"));
    const std::string status = bytes(1, "Running") + bytes(5, "10.0.0.7") + bytes(6, "10.1.0.9") +
                               bytes(10, bytes(1, "proxy") + number(4, 1) + number(5, 2)) +
                               bytes(8, bytes(1, "app") + number(4, 1) + number(5, 3));
    return bytes(1, metadata) + bytes(2, spec) + bytes(3, status);
}

FullPod with_containers(unsigned field, const std::vector<std::string>& containers) {
    std::string spec;
    for (const std::string& container : containers) spec += bytes(field, container);
    FullPod pod;
    REQUIRE(decode(bytes(1, bytes(1, "p")) + bytes(2, spec), pod));
    return pod;
}

}  // namespace

TEST_CASE("a whole pod has its requests, limits, owner, restarts and addresses in both encodings") {
    FullPod pod;
    SECTION("protobuf") {
        REQUIRE(decode(protobuf_pod(), pod));
    }
    SECTION("JSON") {
        REQUIRE(decode_json(kJsonPod, pod));
    }
    CHECK(pod.name == "web-0");
    CHECK(pod.name_space == "shop");
    CHECK(pod.uid == "u7");
    CHECK(pod.resource_version == "811");
    CHECK((pod.labels == StringMap{{"app", "web"}, {"pod-template-hash", "5d8f"}}));
    CHECK(pod.owner_kind == "ReplicaSet");
    CHECK(pod.owner_name == "web-5d8f");
    CHECK(pod.node == "n1");
    CHECK(pod.phase == "Running");
    CHECK_FALSE(pod.has_ended());
    CHECK(pod.host_ip == "10.0.0.7");
    CHECK(pod.pod_ip == "10.1.0.9");
    CHECK((pod.resources.requests == ResourceList{{"cpu", 700}}));
    CHECK((pod.resources.limits == ResourceList{{"memory", 1 << 30}}));
    REQUIRE(pod.containers.size() == 2);
    CHECK(pod.containers[0].name == "proxy");
    CHECK(pod.containers[0].image == "p:1");
    CHECK(pod.containers[0].sidecar);
    CHECK((pod.containers[0].resources.requests == ResourceList{{"cpu", 100}}));
    CHECK(pod.containers[0].resources.limits.empty());
    CHECK(pod.containers[1].name == "app");
    CHECK(pod.containers[1].image == "a:1");
    CHECK_FALSE(pod.containers[1].sidecar);
    CHECK((pod.containers[1].resources.requests ==
           ResourceList{{"cpu", 250}, {"memory", 64 << 20}, {"nvidia.com/gpu", 1}}));
    CHECK((pod.containers[1].resources.limits == ResourceList{{"cpu", 1000}}));
    CHECK((pod.restarts == std::vector<std::pair<std::string, std::uint32_t>>{{"proxy", 2}, {"app", 3}}));
    CHECK(workload_of(pod).kind == "Deployment");
    CHECK(workload_of(pod).name == "web");
}

TEST_CASE("a whole pod leaves nothing of the one before, and metadata alone is a pod") {
    FullPod pod;
    REQUIRE(decode(protobuf_pod(), pod));
    REQUIRE(decode(bytes(1, bytes(1, "db")), pod));
    CHECK(pod.name == "db");
    CHECK(pod.containers.empty());
    CHECK(pod.restarts.empty());
    CHECK((pod.owner_kind + pod.node + pod.phase + pod.host_ip + pod.pod_ip).empty());
    REQUIRE(decode_json(kJsonPod, pod));
    REQUIRE(decode_json(R"({"metadata":{"name":"db"},"spec":null,"status":{}})", pod));
    CHECK(pod.name == "db");
    CHECK(pod.containers.empty());
    CHECK((pod.owner_kind + pod.node + pod.phase + pod.host_ip + pod.pod_ip).empty());
}

TEST_CASE("a whole node has its capacity and what is allocatable in both encodings") {
    FullNode node;
    SECTION("protobuf") {
        REQUIRE(decode(
            bytes(1, bytes(1, "n1")) + bytes(3, amount(1, "cpu", "4") + amount(1, "memory", "8Gi") +
                                                    amount(1, "x", "-1") + amount(2, "cpu", "3920m") +
                                                    amount(2, "pods", "110") + entry(4, "Ready", "True")),
            node));
    }
    SECTION("JSON") {
        REQUIRE(decode_json(R"({"metadata":{"name":"n1"},"status":{
            "capacity":{"cpu":"4","memory":"8Gi","x":"-1"},"allocatable":{"pods":"110","cpu":"3920m"},
            "conditions":[{"type":"Ready","status":"True"}]}})",
                            node));
    }
    CHECK(node.name == "n1");
    CHECK(node.ready);
    CHECK(node.cpu_capacity == 4'000'000'000);
    CHECK((node.capacity == ResourceList{{"cpu", 4000}, {"memory", std::uint64_t{8} << 30}}));
    CHECK((node.allocatable == ResourceList{{"cpu", 3920}, {"pods", 110}}));
}

TEST_CASE("what is too long or too many of a pod is left out, and the pod stays") {
    const std::string long_text(600, 'x');
    const auto pod = with_containers(
        2,
        {bytes(1, "a") + bytes(2, long_text), bytes(1, long_text), bytes(2, "nameless"),
         bytes(1, "b") + bytes(8, amount(2, long_text, "1") + amount(2, "", "1") + amount(2, "cpu", "1"))});
    REQUIRE(pod.containers.size() == 2);
    CHECK(pod.containers[0].name == "a");
    CHECK(pod.containers[0].image.empty());
    CHECK((pod.containers[1].resources.requests == ResourceList{{"cpu", 1000}}));

    std::vector<std::string> many(kMostContainers + 5, bytes(1, "c"));
    CHECK(with_containers(2, many).containers.size() == kMostContainers);
    std::string resources;
    for (std::size_t i = 0; i < kMostResources + 5; ++i)
        resources += amount(2, "r" + std::to_string(100 + i), "1");
    const auto rich = with_containers(2, {bytes(1, "a") + bytes(8, resources)});
    CHECK(rich.containers[0].resources.requests.size() == kMostResources);
    CHECK(rich.containers[0].resources.requests.back().first == "r" + std::to_string(99 + kMostResources));

    FullPod odd;
    REQUIRE(decode(bytes(1, bytes(1, "p") + bytes(13, bytes(1, long_text) + bytes(3, "o") + number(6, 1))) +
                       bytes(2, bytes(10, long_text)) +
                       bytes(3, bytes(5, long_text) + bytes(6, long_text) +
                                    bytes(8, bytes(1, long_text) + number(5, 1)) +
                                    bytes(8, bytes(1, "neg") + number(5, 0xffffffffffffffff))),
                   odd));
    CHECK((odd.owner_kind + odd.owner_name + odd.node + odd.host_ip + odd.pod_ip).empty());
    CHECK(odd.restarts.empty());
}

TEST_CASE("of a resource that comes twice the last counts") {
    const auto requests = [](const std::string& first, const std::string& second) {
        const auto pod = with_containers(
            2, {bytes(1, "a") + bytes(8, amount(2, "cpu", first) + amount(2, "cpu", second))});
        return pod.containers.at(0).resources.requests;
    };
    CHECK((requests("1", "2") == ResourceList{{"cpu", 2000}}));
    CHECK(requests("1", "x").empty());
    CHECK((requests("x", "1") == ResourceList{{"cpu", 1000}}));
}

TEST_CASE("in JSON a list that comes twice counts once, and another type costs the pod") {
    FullPod pod;
    REQUIRE(decode_json(
        R"({"spec":{"containers":[{"name":"a"}],"initContainers":[{"name":"s","restartPolicy":"Always"}],
        "containers":[{"name":"b"}]},"metadata":{"ownerReferences":[{"kind":"K","name":"o","controller":true}],
        "ownerReferences":[]}})",
        pod));
    REQUIRE(pod.containers.size() == 2);
    CHECK(pod.containers[0].name == "s");
    CHECK(pod.containers[1].name == "b");
    CHECK(pod.owner_kind.empty());
    CHECK_FALSE(decode_json(R"({"spec":{"containers":[{"name":7}]}})", pod));
    CHECK_FALSE(decode_json(R"({"metadata":{"ownerReferences":[{"controller":"true"}]}})", pod));
    CHECK_FALSE(decode_json(R"({"status":{"containerStatuses":[{"restartCount":"3"}]}})", pod));
}

TEST_CASE("a pod's workload is its Deployment by the label, else its owner") {
    struct Case {
        const char* name;
        const char* kind;
        const char* owner;
        const char* hash;
        const char* workload_kind;
        const char* workload;
    };
    const Case cases[] = {
        {"a Deployment's", "ReplicaSet", "web-5d8f", "5d8f", "Deployment", "web"},
        {"with dashes", "ReplicaSet", "web-5d8f-5d8f", "5d8f", "Deployment", "web-5d8f"},
        {"a ReplicaSet of its own", "ReplicaSet", "web", "", "ReplicaSet", "web"},
        {"another hash", "ReplicaSet", "web-5d8f", "5d8e", "ReplicaSet", "web-5d8f"},
        {"nothing before the hash", "ReplicaSet", "-5d8f", "5d8f", "ReplicaSet", "-5d8f"},
        {"a part of the name", "ReplicaSet", "web5d8f", "5d8f", "ReplicaSet", "web5d8f"},
        {"a StatefulSet's", "StatefulSet", "db-5d8f", "5d8f", "StatefulSet", "db-5d8f"},
        {"nobody's", "", "", "5d8f", "", ""},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            FullPod pod;
            pod.owner_kind = c.kind;
            pod.owner_name = c.owner;
            pod.labels = {{"app", "web"}, {"pod-template-hash", c.hash}};
            CHECK(workload_of(pod).kind == c.workload_kind);
            CHECK(workload_of(pod).name == c.workload);
        }
}

TEST_CASE("a pod that has succeeded or failed has ended") {
    FullPod pod;
    for (const char* phase : {"", "Pending", "Running", "Unknown"}) {
        pod.phase = phase;
        CHECK_FALSE(pod.has_ended());
    }
    for (const char* phase : {"Succeeded", "Failed"}) {
        pod.phase = phase;
        CHECK(pod.has_ended());
    }
}

TEST_CASE("A whole pod cut anywhere is malformed or shorter and never an exception") {
    const std::string whole = protobuf_pod();
    FullPod pod;
    FullNode node;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        (void)decode(whole.substr(0, size), pod);
        (void)decode(whole.substr(0, size), node);
    }
    const std::string json = kJsonPod;
    for (std::size_t size = 0; size < json.size(); ++size)
        CHECK_FALSE(decode_json(json.substr(0, size), pod));
}
