// SPDX-License-Identifier: Apache-2.0
// A cluster with one node of each kind, and what is said of the first.
#pragma once

#include "test/apiserver/fixture.hpp"

#include <chrono>
#include <map>
#include <string>

namespace test::debug {

using namespace std::chrono_literals;

// Three nodes: n1 is scraped well, n2 fails, n3 has not been asked. Samples are 8 s old.
struct Cluster : test::Cluster {
    Cluster() {
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

    std::map<std::string, apiserver::NodeScrape> scrapes;
};

inline const std::string kFirst =
    R"({"node":"n1","state":"ok","url":"https://10.0.0.1:10250/metrics/resource","lastScrape":"2026-11-22T15:31:23.988Z","latency":"12ms","lastSuccess":"2026-11-22T15:31:24.000Z","nextScrape":"2026-11-22T15:31:39.000Z","failures":0,"sample":"2026-11-22T15:31:18.000Z","sampleAge":"8s","window":"10s","cpu":"250m","memory":"1Mi","pods":1,"served":true})";

inline const std::string kTableHead =
    "2026-11-22T15:31:26.000Z  1 of 3 nodes scraped  \n"
    "NODE                              STATE        LAST SUCCESS  LATENCY  SAMPLE AGE  FAILURES  NEXT  PODS  "
    "URL "
    "                                          WHY\n";
inline const std::string kTableFirst =
    "n1                                ok           2s ago        12ms     8s          0         13s   1     "
    "https://10.0.0.1:10250/metrics/resource\n";

}  // namespace test::debug
