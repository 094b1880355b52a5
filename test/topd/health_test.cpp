// SPDX-License-Identifier: Apache-2.0
#include "topd/health.hpp"

#include "test/topd/captured_log.hpp"

#include <map>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
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
    net::Clock::time_point now = net::Clock::now();
    Health health{{store, scraper, nodes, pods, 15s, [this] { return now; }}};

    // Known, without figures.
    void show() {
        store.put_node("n1", {});
        store.put_pod("default", "web", {});
    }
    // Runs the scraper for so long.
    void scrape_for(std::chrono::milliseconds time) {
        boost::asio::cancellation_signal stop;
        boost::asio::steady_timer timer{loop, time};
        timer.async_wait(
            [&](const boost::system::error_code&) { stop.emit(boost::asio::cancellation_type::terminal); });
        boost::asio::co_spawn(loop, scraper.run(),
                              boost::asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
        loop.restart();
        loop.run();
    }
    void fill() {
        show();
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
    SECTION("pods without any node") {
        world.show();
        world.store.remove_node("n1");
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
    }
    SECTION("a node that cannot be asked") {
        kube::Node node;
        node.name = "secret-name";
        world.scraper.nodes().put(node);
        // One pass: it fails for want of an address.
        world.scrape_for(600ms);
        CHECK(storage(Reader::anybody) == "0 of 1 nodes scraped; 1 x no usable address; no node has figures");
        CHECK(storage(Reader::authorized) ==
              "0 of 1 nodes scraped; 1 x no usable address (secret-name: the node has no address of the "
              "preferred types); no node has figures");
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

TEST_CASE("a probe is logged when it begins to fail, for another cause, and when it passes") {
    World world;
    const auto checks = world.health.readyz();
    test::CapturedLog log;
    world.show();
    failing(checks);
    failing(checks);
    // Another cause, but too soon.
    world.store.remove_node("n1");
    world.now += 59s;
    failing(checks);
    world.now += 1s;
    failing(checks);
    world.now += 1h;
    failing(checks);
    world.fill();
    failing(checks);
    failing(checks);
    world.store.remove_pod("default", "web");
    world.store.put_pod("default", "web", {});
    world.now += 2s;
    failing(checks);
    failing(checks);
    world.fill();
    failing(checks);
    CHECK(
        log.lines() ==
        std::vector<std::string>{
            R"("Failed probe" probe="metric-storage-ready" err="no metrics to serve" cause="0 of 0 nodes scraped; no node has figures")",
            R"("Failed probe" probe="metric-storage-ready" err="no metrics to serve" cause="there is no node, or --node-selector selects none")",
            R"("Probe passes" probe="metric-storage-ready")",
            R"("No metrics to serve, readyz will fail if it stays so" in="150s" cause="0 of 0 nodes scraped; none of 1 pods has figures")",
            R"("Metrics can be served again")"});
}
