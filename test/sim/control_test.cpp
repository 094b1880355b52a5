// SPDX-License-Identifier: Apache-2.0
#include "test/sim/control.hpp"

#include "test/sim/simulation_fixture.hpp"

#include <cmath>
#include <set>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

namespace sim {

TEST_CASE("The truth agrees with the pages") {
    Cluster f;
    const std::string page = f.page("127.16.0.1").body;
    const json all = f.get_json("/sim/truth/all");
    REQUIRE(all.size() >= 30);
    for (const json& container : all) {
        const std::string name = container["container"], name_space = container["namespace"],
                          pod = container["pod"];
        const std::string series = "container_cpu_usage_seconds_total{container=\"" + name +
                                   "\",namespace=\"" + name_space + "\",pod=\"" + pod + "\"} ";
        const std::size_t at = page.find(series);
        REQUIRE(at != std::string::npos);
        std::istringstream numbers{page.substr(at + series.size(), 60)};
        double cpu = 0;
        std::int64_t time = 0;
        numbers >> cpu >> time;
        CHECK(time == container["samples"][0][0]);
        CHECK(std::llround(cpu * 1e9) == container["samples"][0][1]);
        const std::string query = "/sim/truth?namespace=" + name_space + "&pod=" + pod + "&container=" + name;
        const json spent = f.get_json(query + "&from_ns=0&to_ns=" + std::to_string(time * kMilli));
        CHECK(spent["cpu_ns"] == container["samples"][0][1]);
        CHECK(spent["memory_bytes"] == container["samples"][0][2]);
        if (&container - &all[0] > 5) break;
    }
    CHECK(f.get_json("/sim/truth/nodes").size() == 1);
    CHECK(f.get_json("/sim/truth?node=node-0002")["cpu_ns"] > 0);
    CHECK(f.get("/sim/truth?node=nope").status == 400);
    CHECK(f.get_json("/sim/given").size() == 1);
    CHECK(f.get_json("/sim/stats")["pages"] == 1);
}

TEST_CASE("Orders change the cluster and what everybody sees of it") {
    Cluster f;
    const json pods = f.get_json("/api/v1/pods?labelSelector=pod-template-hash");
    const std::string name_space = pods["items"][0]["metadata"]["namespace"],
                      pod = pods["items"][0]["metadata"]["name"];
    const std::string node = pods["items"][0]["spec"]["nodeName"];
    const std::string path = "/api/v1/namespaces/" + name_space + "/pods/" + pod;
    const json order{{"namespace", name_space}, {"pod", pod}};
    const auto with = [&](std::initializer_list<std::pair<const char*, json>> more) {
        json result = order;
        for (const auto& [key, value] : more) result[key] = value;
        return result;
    };

    SECTION("a pod is created and deleted") {
        const Answer created = f.post("/sim/pods", with({{"action", "create"}, {"start_seconds", 0}}));
        REQUIRE(created.status == 200);
        const std::string name = json::parse(created.body)["pod"];
        const std::int64_t started = json::parse(created.body)["started_ns"];
        CHECK(std::abs(started - now_nanos()) < 2 * kSecond);
        CHECK(f.get("/api/v1/namespaces/" + name_space + "/pods/" + name).status == 200);
        CHECK(f.post("/sim/pods", with({{"action", "delete"}})).status == 200);
        CHECK(f.get(path).status == 404);
    }
    SECTION("a pod moves") {
        const std::string to = node == "node-0001" ? "node-0002" : "node-0001";
        CHECK(f.post("/sim/pods", with({{"action", "move"}, {"to", to}})).status == 200);
        CHECK(f.get_json(path)["spec"]["nodeName"] == to);
    }
    SECTION("a container restarts") {
        CHECK(f.post("/sim/pods", with({{"action", "restart"}, {"away_seconds", 1}})).status == 200);
        CHECK(f.get_json(path)["status"]["containerStatuses"][0]["restartCount"] == 1);
    }
    SECTION("a node is not ready") {
        CHECK(f.post("/sim/nodes", {{"node", "node-0003"}, {"ready", false}}).status == 200);
        CHECK(f.get_json("/api/v1/nodes/node-0003")["status"]["conditions"][1]["status"] == "Unknown");
    }
    SECTION("a kubelet fails") {
        CHECK(f.post("/sim/faults", {{"node", "node-0001"}, {"kind", "status"}, {"status", 500}}).status ==
              200);
        CHECK(f.page("127.16.0.1").status == 500);
        CHECK(f.page("127.16.0.2").status == 200);
        CHECK(json::parse(f.post("/sim/faults", {{"node", "*"}, {"kind", "none"}}).body)["nodes"] == 3);
        CHECK(f.page("127.16.0.1").status == 200);
    }
    SECTION("what makes no sense is refused") {
        CHECK(f.post("/sim/pods", {{"namespace", "x"}, {"pod", "y"}, {"action", "delete"}}).status == 400);
        CHECK(f.post("/sim/pods", with({{"action", "dance"}})).status == 400);
        CHECK(f.post("/sim/pods", with({{"action", 5}})).status == 400);
        CHECK(f.post("/sim/faults", {{"node", "node-0001"}, {"kind", "dance"}}).status == 400);
        CHECK(f.post("/sim/faults", {{"kind", "slow"}}).status == 400);
        CHECK(f.post("/sim/nodes", {{"node", "node-9999"}, {"ready", false}}).status == 400);
        CHECK(f.post("/sim/nope", json::object()).status == 404);
    }
}

TEST_CASE("Churn replaces pods and a watch sees each of them go and come") {
    SimulationOptions options;
    options.churn = 50;
    Cluster f{options};
    const std::string version = f.get_json("/api/v1/pods?limit=1")["metadata"]["resourceVersion"];
    const Answer watched = f.get("/api/v1/pods?watch=true&timeoutSeconds=1&resourceVersion=" + version);
    std::istringstream lines{watched.body};
    int deleted = 0;
    std::set<std::string> added;
    for (std::string line; std::getline(lines, line);) {
        const json event = json::parse(line);
        deleted += event["type"] == "DELETED" ? 1 : 0;
        if (event["type"] == "ADDED") added.insert(event["object"]["metadata"]["name"]);
    }
    CHECK(deleted >= 20);
    CHECK(added.size() >= 20);
    CHECK(f.get_json("/api/v1/pods")["items"].size() == 90);
}

}  // namespace sim
