// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/debug/lab.hpp"

namespace test::debug {

ThreeNodes::ThreeNodes() {
    options.debug.wall_clock = options.metrics.wall_clock;
    options.debug.monotonic_clock = options.metrics.monotonic_clock;
    options.debug.reports.summary = [] { return "1 of 3 nodes scraped"; };
    options.debug.reports.node = [this](std::string_view name, apiserver::NodeScrape& out) {
        const auto at = scrapes.find(std::string{name});
        if (at == scrapes.end()) return false;
        out = at->second;
        return true;
    };
    for (const char* node : {"n1", "n2", "n3"}) store.put_node(node, {});
    store.put_pod("default", "web", {});
    scrape("n1", {"", 250'000'000, 1048576}, {{"default", "web", {{"app", 1'500'000'000, 2048}}}});
    apiserver::NodeScrape& ok = scrapes["n1"];
    ok.state = "ok";
    ok.url = "https://10.0.0.1:10250/metrics/resource";
    ok.started = now - 2012ms;
    ok.ended = ok.last_success = now - 2s;
    ok.next = now + 13s;
    apiserver::NodeScrape& sick = scrapes["n2"];
    sick.state = "failing";
    sick.url = "https://10.0.0.2:10250/metrics/resource";
    sick.started = now - 10s;
    sick.ended = now - 9s;
    sick.last_success = now - 85s;
    sick.next = now + 5s;
    sick.failures = 5;
    sick.reason = "timeout";
    sick.error = "GET https://10.0.0.2:10250/metrics/resource: timeout";
    sick.hint = "topd must reach the kubelet's port";
    scrapes["n3"].state = "pending";
}

ThreeNodes::~ThreeNodes() = default;

}  // namespace test::debug
