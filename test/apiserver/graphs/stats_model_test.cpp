// SPDX-License-Identifier: Apache-2.0
// What Heapster's model has of kubelets' summaries.
#include "storage/stats/stats_history.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using test::graphs::kStart;
using test::graphs::Scene;

namespace {

// A page of n1 with the pod shop/web-0, a minute's growth at a time.
storage::stats::StatsPage stats_page(std::int64_t at) {
    const auto grown = static_cast<std::uint64_t>(at - kStart + 600);
    storage::stats::StatsPage page;
    page.kubelet_time = at;
    page.node.started = kStart - 600;
    page.node.network = {at, grown * 1000, grown * 500, 7, grown};
    page.node.memory = {at, 8192, 4096, grown * 3, grown / 60};
    page.node.filesystem = {40'960, 409'600, 368'640, 100, 90};
    page.node.container_filesystem = {4096, 819'200, 815'104, 200, 190};
    storage::stats::Container runtime;
    runtime.name = "runtime";
    runtime.started = kStart - 60;
    runtime.cpu = grown * 250'000'000;
    runtime.memory = {at, 12'288, 8192, 1, 0};
    page.node.system_containers.push_back(runtime);
    storage::stats::Pod& pod = page.pods.emplace_back();
    pod.name_space = "shop";
    pod.name = "web-0";
    pod.started = kStart - 120;
    pod.network = {at, grown * 60, grown * 50, 0, 0};
    pod.memory = {at, 20'480, 16'384, grown, 0};
    pod.ephemeral_storage_used = 24'576;
    storage::stats::Container& app = pod.containers.emplace_back();
    app.name = "app";
    app.started = kStart - 30;
    app.memory = {at, 16'384, 12'288, grown * 2, 0};
    app.rootfs_used = 8192;
    app.logs_used = 4096;
    pod.volumes.push_back({"data", "data-web-0", {4096, 8192, 4096, 10, 5}});
    return page;
}

struct StatsScene {
    StatsScene() {
        apiserver::GraphsOptions options = scene.options();
        options.stats = &stats;
        graphs.emplace(scene.store, scene.history, options);
        scene.run(14);
        for (std::int64_t at = kStart + 30; at < kStart + 600; at += 60)
            stats.commit("n1", stats_page(at), at, [](std::string_view, std::string_view) { return true; });
        scene.now = kStart + 570;
    }

    std::string body(const std::string& target) {
        boost::asio::io_context loop{1};
        const net::Request asked = test::request("/api/v1/model" + target);
        const auto parsed = apiserver::parse_target(asked.target);
        auto response = test::run(loop, graphs->respond(asked, parsed->path, parsed->query));
        REQUIRE(response);
        REQUIRE(response->status == 200);
        return test::whole_body(*response);
    }
    // "10:07:00=5 10:08:00=5": times and values.
    std::string points(const std::string& target) {
        std::string text;
        const auto result = nlohmann::json::parse(body(target));
        for (const auto& point : result["metrics"])
            text += (text.empty() ? "" : " ") + point["timestamp"].get<std::string>().substr(11, 8) + "=" +
                    std::to_string(point["value"].get<std::uint64_t>());
        return text;
    }

    Scene scene;
    storage::stats::StatsHistory stats{{}};
    std::optional<apiserver::Graphs> graphs;
};

std::string three(std::uint64_t value) {
    const std::string text = std::to_string(value);
    return "10:07:00=" + text + " 10:08:00=" + text + " 10:09:00=" + text;
}

}  // namespace

TEST_CASE("the model has what kubelets' summaries tell, in Heapster's units") {
    StatsScene scene;
    const std::string node = "/nodes/n1/metrics/";
    const std::string pod = "/namespaces/shop/pods/web-0/metrics/";
    const std::string app = "/namespaces/shop/pods/web-0/containers/app/metrics/";
    const std::string runtime = "/nodes/n1/freecontainers/docker-daemon/metrics/";
    const std::pair<std::string, std::string> cases[] = {
        // The last tick is told by the page of 10:09:30; 140 s and a minute before 10:09:30 is 10:06:10.
        {node + "network/rx", "10:07:00=1020000 10:08:00=1080000 10:09:00=1140000"},
        {node + "network/rx_rate", three(1000)},
        {node + "network/tx_rate", three(500)},
        {node + "network/rx_errors", three(7)},
        {node + "network/rx_errors_rate", three(0)},
        {node + "network/tx_errors_rate", three(1)},
        {node + "memory/rss", three(4096)},
        {node + "memory/page_faults_rate", three(3)},
        {node + "memory/major_page_faults", "10:07:00=16 10:08:00=17 10:09:00=18"},
        {node + "uptime", "10:07:00=1020000 10:08:00=1080000 10:09:00=1140000"},
        {node + "ephemeral_storage/usage", three(40'960)},
        {node + "filesystem/usage?labels=resource_id:/", three(40'960)},
        {node + "filesystem/limit?labels=resource_id:/", three(409'600)},
        {node + "filesystem/available?labels=resource_id%3A%2F", three(368'640)},
        {node + "filesystem/inodes?labels=resource_id:/", three(100)},
        {node + "filesystem/inodes_free?labels=resource_id:/", three(90)},
        {pod + "network/rx_rate", three(60)},
        {pod + "network/tx", "10:07:00=51000 10:08:00=54000 10:09:00=57000"},
        {pod + "memory/rss", three(16'384)},
        {pod + "memory/page_faults_rate", three(1)},
        {pod + "ephemeral_storage/usage", three(24'576)},
        {pod + "uptime", "10:07:00=540000 10:08:00=600000 10:09:00=660000"},
        {pod + "filesystem/usage?labels=resource_id:Volume:data", three(4096)},
        {pod + "filesystem/limit?labels=resource_id:Volume:data", three(8192)},
        {app + "memory/rss", three(12'288)},
        {app + "memory/page_faults_rate", three(2)},
        {app + "ephemeral_storage/usage", three(12'288)},
        {app + "uptime", "10:07:00=450000 10:08:00=510000 10:09:00=570000"},
        {app + "filesystem/usage?labels=resource_id:/", three(8192)},
        {app + "filesystem/usage?labels=resource_id:logs", three(4096)},
        {app + "filesystem/limit?labels=resource_id:/", three(819'200)},
        {app + "filesystem/limit?labels=resource_id:logs", three(409'600)},
        {runtime + "cpu/usage_rate", three(250)},
        {runtime + "cpu/usage", "10:07:00=255000000000 10:08:00=270000000000 10:09:00=285000000000"},
        {runtime + "memory/usage", three(12'288)},
        {runtime + "memory/rss", three(8192)},
        // As far back as it goes, and no further than asked.
        {node + "network/rx_rate?start=2026-01-05T10:00:00Z&end=2026-01-05T10:03:00Z",
         "10:02:00=1000 10:03:00=1000"},
        {node + "network/rx?start=2026-01-05T10:00:00Z&end=2026-01-05T10:01:30Z", "10:01:00=660000"},
        // Not of these, or not so.
        {app + "network/rx", ""},
        {pod + "filesystem/usage", ""},
        {pod + "filesystem/usage?labels=resource_id:Volume:other", ""},
        {pod + "filesystem/usage?labels=resource_id:/", ""},
        {node + "filesystem/usage?labels=resource_id:logs", ""},
        {node + "filesystem/usage?labels=resource_id:/,x:y", ""},
        {node + "filesystem/usage?labels=other:/", ""},
        {node + "network/rx?labels=resource_id:/", ""},
        {node + "cpu/usage", ""},
        {"/metrics/network/rx", ""},
        {"/namespaces/shop/metrics/network/rx", ""},
        {"/nodes/n1/freecontainers/kubelet/metrics/memory/rss", ""},
        {"/nodes/n2/metrics/network/rx", ""},
    };
    for (const auto& [target, expected] : cases) {
        CAPTURE(target);
        CHECK(scene.points(target) == expected);
    }
}

TEST_CASE("the model's own figures stay what they are beside summaries") {
    StatsScene scene;
    for (const char* target : {"/nodes/n1/metrics/memory/usage", "/nodes/n1/metrics/cpu/usage_rate",
                               "/namespaces/shop/pods/web-0/containers/app/metrics/memory/usage"}) {
        CAPTURE(target);
        CHECK(!scene.points(target).empty());
        CHECK(scene.body(target) == scene.scene.body(std::string{"/api/v1/model"} + target));
    }
}

TEST_CASE("the model names the metrics that summaries give, and the system's containers") {
    StatsScene scene;
    CHECK(nlohmann::json::parse(scene.body("/nodes/n1/freecontainers")) ==
          nlohmann::json::array({"docker-daemon"}));
    CHECK(nlohmann::json::parse(scene.body("/nodes/n2/freecontainers")) == nlohmann::json::array());
    CHECK(nlohmann::json::parse(scene.body("/nodes/n1/freecontainers/docker-daemon/metrics")) ==
          nlohmann::json::array({"cpu/usage", "cpu/usage_rate", "memory/major_page_faults",
                                 "memory/major_page_faults_rate", "memory/page_faults",
                                 "memory/page_faults_rate", "memory/rss", "memory/usage", "uptime"}));
    scene.scene.now = kStart + 195;
    CHECK(nlohmann::json::parse(scene.body("/namespaces/shop/pods/web-0/metrics")) ==
          nlohmann::json::array(
              {"cpu/usage_rate", "memory/usage", "memory/working_set", "ephemeral_storage/usage",
               "memory/major_page_faults", "memory/major_page_faults_rate", "memory/page_faults",
               "memory/page_faults_rate", "memory/rss", "network/rx", "network/rx_errors",
               "network/rx_errors_rate", "network/rx_rate", "network/tx", "network/tx_errors",
               "network/tx_errors_rate", "network/tx_rate", "uptime"}));
}

TEST_CASE("a pod-list has figures of summaries by place") {
    StatsScene scene;
    const auto list = nlohmann::json::parse(
        scene.body("/namespaces/shop/pod-list/nobody,web-0,web-1/metrics/network/rx_rate"));
    const auto& items = list["items"];
    REQUIRE(items.size() == 3);
    CHECK(items[0]["metrics"].empty());
    CHECK(items[1]["metrics"].size() == 3);
    CHECK(items[1]["metrics"][0]["value"] == 60);
    CHECK(items[2]["metrics"].empty());
}
