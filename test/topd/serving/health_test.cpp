// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/health.hpp"

#include "test/topd/serving/health_world.hpp"

#include <catch2/catch.hpp>

using namespace topd;
using namespace test;

namespace {

std::vector<std::string> names(const std::vector<apiserver::HealthCheck>& checks) {
    std::vector<std::string> out;
    for (const auto& check : checks) out.push_back(check.name);
    return out;
}

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
    CHECK(names(world.health.healthz()) == List{"ping", "log", "poststarthook/max-in-flight-filter",
                                                "poststarthook/storage-object-count-tracker-hook",
                                                "metadata-informer-sync"});
}

TEST_CASE("readyz waits for figures of a node and a pod where there are such") {
    const Failing no_metrics{{"metric-storage-ready", "no metrics to serve"}};
    World world;
    const auto checks = world.health.readyz();
    SECTION("a node and a pod without figures") {
        world.show();
        CHECK(failing(checks) == no_metrics);
        world.fill();
        CHECK(failing(checks).empty());
    }
    SECTION("a node with figures and a pod without") {
        world.fill();
        world.store.remove_pod("default", "web");
        world.store.put_pod("default", "other", {});
        CHECK(failing(checks) == no_metrics);
    }
    SECTION("a node with figures and no pod that runs") {
        world.fill();
        world.store.remove_pod("default", "web");
        CHECK(failing(checks).empty());
    }
    SECTION("a node without figures and no pod that runs") {
        world.store.put_node("n1", {});
        CHECK(failing(checks) == no_metrics);
    }
    SECTION("pods without any node") {
        world.show();
        world.store.remove_node("n1");
        world.now += 1h;
        CHECK(failing(checks) == no_metrics);
    }
    SECTION("neither nodes nor pods") {
        CHECK(failing(checks).empty());
    }
    SECTION("an empty store before the lists came is no empty cluster") {
        world.pods.is_synced = false;
        CHECK(failing(checks) == Failing{{"metadata-informer-sync", "not yet listed"},
                                         {"metric-storage-ready", "no metrics to serve"}});
        world.pods.is_synced = true;
        world.show();
        CHECK(failing(checks) == no_metrics);
    }
}

TEST_CASE("readyz waits for the first figures of the nodes that answer, but not for ever") {
    const Failing no_metrics{{"metric-storage-ready", "no metrics to serve"}};
    World world;
    const auto checks = world.health.readyz();
    const auto cause = [&] {
        for (const auto& check : checks)
            if (check.name == "metric-storage-ready")
                return check.cause(apiserver::HealthCheck::Reader::anybody);
        return std::string{"no such check"};
    };
    SECTION("a node that was not asked yet") {
        world.fill();
        put_node(world, "n2");
        CHECK(failing(checks) == no_metrics);
        CHECK(cause() ==
              "0 of 1 nodes scraped, 1 not yet asked; waiting for first figures: 0 of 1 nodes have two "
              "samples");
        world.now = net::Clock::now() + 39s;
        CHECK(failing(checks) == no_metrics);
        world.now += 2s;
        CHECK(failing(checks).empty());
        CHECK(cause().empty());
    }
    SECTION("a node that failed: waited for if it may be by chance") {
        world.fill();
        put_bad_node(world, "n2", true);
        CHECK(failing(checks) == no_metrics);
        put_node(world, "n2", false);
        CHECK(failing(checks).empty());
    }
    SECTION("sick nodes alone: ready when the wait is over, with the cause, until the hold is over too") {
        world.show();
        put_bad_node(world, "n1");
        CHECK(failing(checks) == no_metrics);
        world.now = net::Clock::now() + 41s;
        CHECK(failing(checks).empty());
        CHECK(cause() == "0 of 1 nodes scraped; 1 x no usable address; no node has figures");
        world.now += 150s;
        CHECK(failing(checks) == no_metrics);
    }
}

TEST_CASE("the wait for first figures counts from the first node, not from the process's begin") {
    World world{100s};
    const auto checks = world.health.readyz();
    world.fill();
    put_node(world, "n2");
    world.now = net::Clock::now() + 10s;
    CHECK(failing(checks).size() == 1);
    world.now = net::Clock::now() + 41s;
    CHECK(failing(checks).empty());
}

TEST_CASE("readyz outlives a while without figures") {
    World world;
    world.fill();
    const auto checks = world.health.readyz();
    REQUIRE(failing(checks).empty());
    world.store.remove_pod("default", "web");
    world.store.put_pod("default", "web", {});
    CHECK(failing(checks).empty());
    world.now += 149s;
    CHECK(failing(checks).empty());
    world.now += 1s;
    CHECK(failing(checks) == Failing{{"metric-storage-ready", "no metrics to serve"}});
    world.fill();
    CHECK(failing(checks).empty());
}

TEST_CASE("the cause names nodes to the authorized only") {
    using Reader = apiserver::HealthCheck::Reader;
    World world;
    const auto checks = world.health.readyz();
    const auto cause = [&](const std::string& name, Reader reader) -> std::string {
        for (const auto& check : checks)
            if (check.name == name) return check.cause(reader);
        return "no such check";
    };
    const auto storage = [&](Reader reader) { return cause("metric-storage-ready", reader); };
    SECTION("no node") {
        CHECK(storage(Reader::anybody) == "there is no node, or --node-selector selects none");
    }
    SECTION("no list") {
        world.nodes.is_synced = false;
        world.nodes.error = "GET https://10.0.0.1/api/v1/nodes: connection refused";
        CHECK(storage(Reader::anybody) == "the nodes or the pods are not yet listed");
        CHECK(cause("metric-informer-sync", Reader::anybody).empty());
        CHECK(cause("metric-informer-sync", Reader::authorized) == world.nodes.error);
        CHECK(cause("metadata-informer-sync", Reader::authorized).empty());
        world.nodes.is_synced = true;
        world.pods.is_synced = false;
        world.pods.error = "GET https://10.0.0.1/api/v1/pods: timeout";
        world.now += 1s;
        CHECK(storage(Reader::anybody) == "the nodes or the pods are not yet listed");
        CHECK(cause("metadata-informer-sync", Reader::anybody).empty());
        CHECK(cause("metadata-informer-sync", Reader::authorized) == world.pods.error);
    }
    SECTION("a node that cannot be asked") {
        put_bad_node(world, "secret-name");
        CHECK(storage(Reader::anybody) == "0 of 1 nodes scraped; 1 x no usable address; no node has figures");
        CHECK(storage(Reader::authorized) ==
              "0 of 1 nodes scraped; 1 x no usable address (secret-name: the node has no address of the "
              "preferred types: preferred are Hostname, InternalDNS, InternalIP, ExternalDNS, ExternalIP; it "
              "has none); no node has figures");
    }
    SECTION("pods without figures") {
        world.fill();
        world.store.put_pod("default", "other", {});
        world.store.remove_pod("default", "web");
        CHECK(storage(Reader::anybody) == "0 of 0 nodes scraped; none of 1 pods has figures");
    }
    SECTION("it is made once a second at most") {
        world.show();
        const std::string first = storage(Reader::anybody);
        CHECK(first == "0 of 0 nodes scraped; no node has figures");
        world.fill();
        CHECK(storage(Reader::anybody) == first);
        world.now += 1s;
        CHECK(storage(Reader::anybody) == "0 of 0 nodes scraped");
    }
}

TEST_CASE("readyz names the watch that has no list yet and livez does not mind") {
    World world;
    world.fill();
    world.nodes.is_synced = false;
    CHECK(failing(world.health.readyz()) == Failing{{"metric-informer-sync", "not yet listed"},
                                                    {"metric-storage-ready", "no metrics to serve"}});
    world.pods.is_synced = false;
    CHECK(failing(world.health.readyz()) == Failing{{"metadata-informer-sync", "not yet listed"},
                                                    {"metric-informer-sync", "not yet listed"},
                                                    {"metric-storage-ready", "no metrics to serve"}});
    CHECK(failing(world.health.livez()).empty());
    CHECK(failing(world.health.healthz()).empty());
}

TEST_CASE("livez fails when the scraper's loop has ended and not before it began") {
    World world;
    const auto checks = world.health.livez();
    world.now += 1h;
    CHECK(failing(checks).empty());
    world.scrape_for(10ms);
    world.now = world.scraper.last_tick() + 22500ms;
    CHECK(failing(checks).empty());
    world.now += 1ns;
    CHECK(failing(checks) ==
          Failing{{"metric-collection-timely", "metric collection didn't finish on time"}});
}

TEST_CASE("readyz fails from the stop on and livez does not") {
    World world;
    world.fill();
    world.health.stop();
    CHECK(failing(world.health.readyz()) == Failing{{"shutdown", "process is shutting down"}});
    CHECK(failing(world.health.livez()).empty());
}
