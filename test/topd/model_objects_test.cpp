// SPDX-License-Identifier: Apache-2.0
// From what a watch brings to what Heapster's clients read of requests, limits, restarts and nodes.
#include "kube/full_objects.hpp"
#include "kube/object_stream.hpp"
#include "scraper/inventory/object_inventory.hpp"
#include "storage/watched/watched_objects.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"
#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace kube::test;
using nlohmann::json;

const std::string kModel = "/api/v1/model";

template <class Object>
struct Nobody final : kube::Observer<Object> {
    void begin_list() override {}
    void end_list() override {}
    void put(const Object&) override {}
    void removed(const Object&) override {}
};

// Of a ResourceList.
std::string quantity(unsigned field, std::string_view resource, std::string_view text) {
    return bytes(field, bytes(1, resource) + bytes(2, bytes(1, text)));
}

std::string limit(std::string_view resource, std::string_view text) {
    return quantity(1, resource, text);
}

std::string request(std::string_view resource, std::string_view text) {
    return quantity(2, resource, text);
}

std::string container(std::string_view name, std::string_view resources) {
    return bytes(1, name) + bytes(2, "registry.example.com/app:1") + bytes(8, resources);
}

struct Scene {
    storage::WatchedObjects objects;
    Nobody<kube::Pod> pods;
    Nobody<kube::Node> nodes;
    scraper::PodObjects pod_objects{objects, pods};
    scraper::NodeObjects node_objects{objects, nodes};
    std::unique_ptr<kube::Delivery> pod_stream =
        kube::deliver_to<kube::FullPod>(static_cast<kube::Observer<kube::FullPod>&>(pod_objects));
    std::unique_ptr<kube::Delivery> node_stream =
        kube::deliver_to<kube::FullNode>(static_cast<kube::Observer<kube::FullNode>&>(node_objects));
    test::graphs::Scene graphs{&objects};

    void put_pod(std::string_view name_space, std::string_view name, std::string_view spec,
                 std::string_view status = {}) {
        const std::string pod = bytes(1, bytes(1, name) + bytes(3, name_space)) +
                                bytes(2, std::string{spec} + bytes(10, "n1")) + bytes(3, status);
        REQUIRE(pod_stream->put({kube::Encoding::protobuf, pod}));
    }
    void put_node(std::string_view name, std::string_view status) {
        REQUIRE(node_stream->put({kube::Encoding::protobuf, bytes(1, bytes(1, name)) + bytes(3, status)}));
    }

    json read(const std::string& route) {
        const net::Response response = graphs.ask(test::request(kModel + route));
        REQUIRE(response.status == 200);
        return json::parse(response.body);
    }
    // The value of a metric's only point, at 10:03; -1: it has none.
    std::int64_t value(const std::string& route) {
        const json result = read(route);
        if (result["metrics"].empty()) return -1;
        CHECK(result["metrics"].size() == 1);
        CHECK(result["metrics"][0]["timestamp"] == "2026-01-05T10:03:00Z");
        CHECK(result["latestTimestamp"] == "2026-01-05T10:03:00Z");
        return result["metrics"][0]["value"];
    }
};

}  // namespace

TEST_CASE("a pod's request comes from the watch to the model") {
    Scene scene;
    scene.graphs.run(14);
    scene.put_pod("shop", "web-0", bytes(2, container("app", request("cpu", "250m"))));
    CHECK(scene.value("/namespaces/shop/pods/web-0/metrics/cpu/request") == 250);
    CHECK(scene.value("/namespaces/shop/pods/web-0/metrics/cpu/usage") == -1);
    CHECK(scene.value("/namespaces/shop/pods/web-1/metrics/cpu/request") == -1);
}

namespace {

constexpr std::int64_t kMi = 1024 * 1024;
constexpr std::int64_t kGi = 1024 * kMi;

std::string restarts(unsigned field, std::string_view name, std::uint64_t count) {
    return bytes(field, bytes(1, name) + number(5, count));
}

std::string allocatable(std::string_view cpu) {
    return quantity(2, "cpu", cpu) + quantity(2, "memory", "7Gi") + quantity(2, "ephemeral-storage", "0");
}

void fill(Scene& scene) {
    scene.graphs.run(14);
    const std::string app = request("cpu", "250m") + limit("cpu", "1") + request("memory", "64Mi") +
                            limit("memory", "128Mi") + request("ephemeral-storage", "1Gi") +
                            request("nvidia.com/gpu", "2") + limit("nvidia.com/gpu", "2");
    const std::string sidecar = container("proxy", request("cpu", "100m")) + bytes(24, "Always");
    const std::string init = container("migrate", request("cpu", "2"));
    scene.put_pod(
        "shop", "web-0", bytes(20, init) + bytes(20, sidecar) + bytes(2, container("app", app)),
        bytes(1, "Running") + restarts(8, "app", 3) + restarts(10, "proxy", 1) + restarts(10, "migrate", 7));
    scene.put_pod("shop", "web-1", bytes(2, container("app", "")));
    scene.put_pod("shop", "over", bytes(2, container("app", request("cpu", "9"))), bytes(1, "Succeeded"));
    // Resources of the pod itself.
    scene.put_pod("system", "dns",
                  bytes(2, container("dns", request("cpu", "50m") + limit("memory", "16Mi"))) +
                      bytes(40, request("cpu", "200m") + limit("memory", "1Gi")));
    scene.put_node("n1", quantity(1, "cpu", "4") + quantity(1, "memory", "8Gi") + quantity(1, "pods", "110") +
                             allocatable("3920m"));
}

}  // namespace

TEST_CASE("each level of the model has the figures of objects that Heapster had there") {
    Scene scene;
    fill(scene);
    const std::string web_0 = "/namespaces/shop/pods/web-0/metrics/";
    const std::string of_app = "/namespaces/shop/pods/web-0/containers/app/metrics/";
    const std::string of_proxy = "/namespaces/shop/pods/web-0/containers/proxy/metrics/";
    const std::pair<std::string, std::int64_t> cases[] = {
        {of_app + "cpu/request", 250},
        {of_app + "cpu/limit", 1000},
        {of_app + "memory/request", 64 * kMi},
        {of_app + "memory/limit", 128 * kMi},
        {of_app + "ephemeral_storage/request", kGi},
        {of_app + "ephemeral_storage/limit", 0},
        {of_app + "nvidia.com/gpu/request", 2},
        {of_app + "nvidia.com/gpu/limit", -1},
        {of_app + "restart_count", 3},
        {of_app + "cpu/node_capacity", -1},
        {of_proxy + "cpu/request", 100},
        {of_proxy + "memory/limit", 0},
        {of_proxy + "restart_count", 1},
        {"/namespaces/shop/pods/web-0/containers/migrate/metrics/cpu/request", -1},
        {web_0 + "cpu/request", 350},
        {web_0 + "cpu/limit", 1000},
        {web_0 + "cpu-limit", 1000},
        {web_0 + "memory/request", 64 * kMi},
        {web_0 + "memory/limit", 128 * kMi},
        {web_0 + "memory-limit", 128 * kMi},
        {web_0 + "ephemeral_storage/request", kGi},
        {web_0 + "nvidia.com/gpu/request", 2},
        {web_0 + "restart_count", 4},
        {"/namespaces/shop/pods/web-1/metrics/cpu/request", 0},
        {"/namespaces/shop/pods/web-1/metrics/restart_count", 0},
        {"/namespaces/shop/pods/web-1/metrics/nvidia.com/gpu/request", -1},
        {"/namespaces/shop/pods/over/metrics/cpu/request", -1},
        {"/namespaces/system/pods/dns/metrics/cpu/request", 200},
        {"/namespaces/system/pods/dns/metrics/memory/limit", kGi},
        {"/namespaces/system/pods/dns/containers/dns/metrics/cpu/request", 50},
        {"/namespaces/shop/metrics/cpu/request", 350},
        {"/namespaces/shop/metrics/cpu/limit", 1000},
        {"/namespaces/shop/metrics/memory/limit", 128 * kMi},
        {"/namespaces/shop/metrics/ephemeral_storage/request", -1},
        {"/namespaces/shop/metrics/restart_count", -1},
        {"/namespaces/nope/metrics/cpu/request", -1},
        {"/metrics/cpu/request", 550},
        {"/metrics/memory/request", 64 * kMi},
        {"/metrics/memory/limit", 128 * kMi + kGi},
        {"/metrics/cpu/node_capacity", -1},
        {"/nodes/n1/metrics/cpu/request", 550},
        {"/nodes/n1/metrics/cpu/limit", 1000},
        {"/nodes/n1/metrics/ephemeral_storage/request", kGi},
        {"/nodes/n1/metrics/cpu/node_capacity", 4000},
        {"/nodes/n1/metrics/cpu/node_allocatable", 3920},
        // 250m and 550m of 3920m.
        {"/nodes/n1/metrics/cpu/node_utilization", 0},
        {"/nodes/n1/metrics/cpu/node_reservation", 0},
        {"/nodes/n1/metrics/memory/node_capacity", 8 * kGi},
        {"/nodes/n1/metrics/memory/node_allocatable", 7 * kGi},
        {"/nodes/n1/metrics/memory/node_utilization", 0},
        {"/nodes/n1/metrics/ephemeral_storage/node_capacity", -1},
        {"/nodes/n1/metrics/ephemeral_storage/node_allocatable", 0},
        {"/nodes/n1/metrics/ephemeral_storage/node_reservation", -1},
        {"/nodes/idle/metrics/cpu/node_capacity", -1},
        {"/nodes/n1/freecontainers/kubelet/metrics/cpu/request", -1},
    };
    for (const auto& [route, expected] : cases) {
        CAPTURE(route);
        CHECK(scene.value(route) == expected);
    }
    scene.put_node("n1", allocatable("200m"));
    CHECK(scene.value("/nodes/n1/metrics/cpu/node_utilization") == 1);
    CHECK(scene.value("/nodes/n1/metrics/cpu/node_reservation") == 2);
    CHECK(scene.value("/nodes/n1/metrics/cpu/node_capacity") == -1);
}

TEST_CASE("the model lists the metrics that come from objects behind those of usage") {
    Scene scene;
    fill(scene);
    const json sums = {"cpu/usage_rate", "memory/usage",   "cpu/request",
                       "cpu/limit",      "memory/request", "memory/limit"};
    CHECK(scene.read("/metrics") == sums);
    CHECK(scene.read("/namespaces/shop/metrics") == sums);
    const json lists = {"cpu/request",
                        "cpu/limit",
                        "memory/request",
                        "memory/limit",
                        "ephemeral_storage/request",
                        "ephemeral_storage/limit"};
    json pod = {"cpu/usage_rate", "memory/usage", "memory/working_set"};
    pod.insert(pod.end(), lists.begin(), lists.end());
    json web_0 = pod;
    web_0.push_back("nvidia.com/gpu/request");
    web_0.push_back("restart_count");
    CHECK(scene.read("/namespaces/shop/pods/web-0/metrics") == web_0);
    CHECK(scene.read("/namespaces/shop/pods/web-0/containers/app/metrics") == web_0);
    json node = pod;
    for (const char* name :
         {"cpu/node_capacity", "cpu/node_allocatable", "cpu/node_reservation", "cpu/node_utilization",
          "memory/node_capacity", "memory/node_allocatable", "memory/node_reservation",
          "memory/node_utilization", "ephemeral_storage/node_allocatable"})
        node.push_back(name);
    CHECK(scene.read("/nodes/n1/metrics") == node);
    CHECK(scene.read("/nodes/idle/metrics") == json::array());

    // Without figures of usage it has those of its object.
    scene.put_pod("shop", "new", bytes(2, container("app", "")));
    json unmeasured = lists;
    unmeasured.push_back("restart_count");
    CHECK(scene.read("/namespaces/shop/pods/new/metrics") == unmeasured);
    scene.put_node("n2", quantity(1, "cpu", "4") + quantity(2, "cpu", "2"));
    json other = lists;
    other.push_back("cpu/node_capacity");
    other.push_back("cpu/node_allocatable");
    other.push_back("cpu/node_reservation");
    CHECK(scene.read("/nodes/n2/metrics") == other);
}

TEST_CASE("an object's figure stands at the newest minute, when that is asked for") {
    Scene scene;
    const std::string route = "/namespaces/shop/metrics/cpu/request";
    scene.put_pod("shop", "web-0", bytes(2, container("app", request("cpu", "250m"))));
    CHECK(scene.read(route)["metrics"].empty());
    scene.graphs.run(14);
    CHECK(scene.value(route) == 250);
    CHECK(scene.value(route + "?start=2026-01-05T10:03:00Z") == 250);
    CHECK(scene.value(route + "?start=2026-01-05T10:01:00Z&end=2026-01-05T10:03:59Z") == 250);
    CHECK(scene.value(route + "?end=2026-01-05T10:02:59Z") == -1);
    CHECK(scene.value(route + "?start=2026-01-05T10:03:01Z") == -1);
    CHECK(scene.value(route + "?labels=a:b") == -1);
    CHECK(scene.graphs.ask(test::request(kModel + route + "?start=x")).status == 400);
}

TEST_CASE("a pod-list of an object's figure has an item for each name") {
    Scene scene;
    fill(scene);
    const std::string body =
        scene.graphs.body(kModel + "/namespaces/shop/pod-list/web-1,nope,web-0/metrics/cpu/request");
    const auto item = [](int value) {
        return R"({"metrics":[{"timestamp":"2026-01-05T10:03:00Z","value":)" + std::to_string(value) +
               R"(}],"latestTimestamp":"2026-01-05T10:03:00Z"})";
    };
    CHECK(body == R"({"items":[)" + item(0) + R"(,{"metrics":[],"latestTimestamp":"0001-01-01T00:00:00Z"},)" +
                      item(350) + "]}\n");
}

TEST_CASE("what leaves the watch is counted no more") {
    Scene scene;
    fill(scene);
    CHECK(scene.value("/metrics/cpu/request") == 550);
    REQUIRE(scene.pod_stream->removed(
        {kube::Encoding::protobuf, bytes(1, bytes(1, "web-0") + bytes(3, "shop"))}));
    CHECK(scene.value("/metrics/cpu/request") == 200);
    CHECK(scene.value("/namespaces/shop/metrics/cpu/request") == 0);
    // Its phase comes before it goes.
    scene.put_pod("system", "dns", bytes(2, container("dns", request("cpu", "50m"))), bytes(1, "Failed"));
    CHECK(scene.value("/namespaces/system/metrics/cpu/request") == -1);
    CHECK(scene.value("/nodes/n1/metrics/cpu/request") == 0);
    scene.node_stream->begin_list();
    scene.node_stream->end_list();
    CHECK(scene.value("/nodes/n1/metrics/cpu/node_capacity") == -1);
    scene.pod_stream->begin_list();
    scene.pod_stream->end_list();
    CHECK(scene.value("/metrics/cpu/request") == -1);
    CHECK(scene.objects.pod_count() == 0);
    CHECK(scene.objects.node_count() == 0);
}
