// SPDX-License-Identifier: Apache-2.0
// What the log says of health.
#include "telemetry/log.hpp"
#include "test/topd/captured_log.hpp"
#include "test/topd/serving/health_world.hpp"

#include <catch2/catch.hpp>

using namespace test;

TEST_CASE("a probe is logged when it begins to fail, for another cause, and when it passes") {
    World world;
    const auto checks = world.health.readyz();
    CapturedLog log;
    world.show();
    failing(checks);
    failing(checks);
    // Another cause, but too soon.
    world.store.remove_node("n1");
    world.now += 59s;
    failing(checks);
    telemetry::info("after 59s");
    world.now += 1s;
    failing(checks);
    telemetry::info("after 60s");
    world.now += 1h;
    failing(checks);
    world.fill();
    failing(checks);
    failing(checks);
    put_bad_node(world, "n1");
    world.store.remove_pod("default", "web");
    world.store.put_pod("default", "web", {});
    world.now += 2s;
    failing(checks);
    failing(checks);
    world.fill();
    failing(checks);
    world.health.stop();
    failing(checks);
    CHECK(
        log.lines() ==
        std::vector<std::string>{
            R"("Failed probe" probe="metric-storage-ready" err="no metrics to serve" cause="0 of 0 nodes scraped; no node has figures")",
            R"("after 59s")",
            R"("Failed probe" probe="metric-storage-ready" err="no metrics to serve" cause="there is no node, or --node-selector selects none")",
            R"("after 60s")", R"("Probe passes" probe="metric-storage-ready")",
            R"("No metrics to serve, readyz will fail if it stays so" in="150s" cause="0 of 1 nodes scraped; 1 x no usable address (n1: the node has no address of the preferred types: preferred are Hostname, InternalDNS, InternalIP, ExternalDNS, ExternalIP; it has none); none of 1 pods has figures")",
            R"("Metrics can be served again")",
            R"("Failed probe" probe="shutdown" err="process is shutting down")"});
}
