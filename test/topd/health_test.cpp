// SPDX-License-Identifier: Apache-2.0
#include "topd/health.hpp"

#include <map>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace topd;
using namespace std::chrono_literals;

namespace {

class FakeReflector final : public kube::Reflector {
  public:
    net::Task<> run() override { co_return; }
    bool synced() const override { return is_synced; }
    std::string last_error() const override { return error; }

    bool is_synced = true;
    std::string error;
};

// A cluster of one node and one pod, with two good pages of it on demand.
struct World {
    boost::asio::io_context loop;
    storage::Store store{{}};
    scraper::ScraperOptions options = [] {
        scraper::ScraperOptions plain;
        plain.completely_insecure = true;
        return plain;
    }();
    scraper::Scraper scraper{loop.get_executor(), options, store};
    FakeReflector nodes;
    FakeReflector pods;
    Health health{{store, scraper, nodes, pods, 15s}};

    void fill() {
        store.put_node("n1", {});
        store.put_pod("default", "web", {});
        const auto now = net::Clock::now();
        for (std::int64_t i = 1; i <= 2; ++i) {
            const storage::Nanos at = i * 15'000'000'000;
            storage::NodePage page;
            page.node.cpu = {static_cast<std::uint64_t>(i), at};
            page.node.memory = {1, at};
            storage::PageRow row;
            row.name_space = "default";
            row.pod = "web";
            row.container = "main";
            row.cpu = page.node.cpu;
            row.memory = page.node.memory;
            row.started = 1;
            page.containers.push_back(row);
            store.commit("n1", page, now);
        }
    }
};

// Failing checks and why.
std::map<std::string, std::string> failing(const std::vector<apiserver::HealthCheck>& checks) {
    std::map<std::string, std::string> out;
    for (const auto& check : checks)
        if (const auto why = check.failure()) out[check.name] = *why;
    return out;
}

std::vector<std::string> names(const std::vector<apiserver::HealthCheck>& checks) {
    std::vector<std::string> out;
    for (const auto& check : checks) out.push_back(check.name);
    return out;
}

using Failing = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("checks have metrics-server's names in its order") {
    World world;
    using List = std::vector<std::string>;
    CHECK(names(world.health.readyz()) == List{"ping", "log", "poststarthook/max-in-flight-filter",
                                               "poststarthook/storage-object-count-tracker-hook",
                                               "metric-storage-ready", "metric-informer-sync",
                                               "metadata-informer-sync", "shutdown"});
    CHECK(names(world.health.livez()) == List{"ping", "log", "poststarthook/max-in-flight-filter",
                                              "poststarthook/storage-object-count-tracker-hook",
                                              "metric-collection-timely", "metadata-informer-sync"});
}

TEST_CASE("readyz waits for figures of a node and a pod") {
    World world;
    const auto checks = world.health.readyz();
    CHECK(failing(checks) == Failing{{"metric-storage-ready", "no metrics to serve"}});
    world.fill();
    CHECK(failing(checks).empty());
    world.store.remove_pod("default", "web");
    CHECK(failing(checks) == Failing{{"metric-storage-ready", "no metrics to serve"}});
}

TEST_CASE("readyz and livez name the watch that has no list yet and why") {
    World world;
    world.fill();
    world.nodes.is_synced = false;
    world.pods.is_synced = false;
    world.pods.error = "connection refused";
    CHECK(failing(world.health.readyz()) ==
          Failing{{"metric-informer-sync", "not yet listed"},
                  {"metadata-informer-sync", "not yet listed: connection refused"}});
    CHECK(failing(world.health.livez()) ==
          Failing{{"metadata-informer-sync", "not yet listed: connection refused"}});
}

TEST_CASE("readyz fails from the stop on and livez does not") {
    World world;
    world.fill();
    world.health.stop();
    CHECK(failing(world.health.readyz()) == Failing{{"shutdown", "process is shutting down"}});
    CHECK(failing(world.health.livez()).empty());
}
