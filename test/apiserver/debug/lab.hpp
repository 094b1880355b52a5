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
struct ThreeNodes : test::Cluster {
    ThreeNodes();
    ~ThreeNodes();

    std::map<std::string, apiserver::NodeScrape> scrapes;
};

inline const std::string kFirst =
    R"({"node":"n1","state":"ok","url":"https://10.0.0.1:10250/metrics/resource","lastScrape":"2026-11-22T15:31:23.988Z","latency":"12ms","lastSuccess":"2026-11-22T15:31:24.000Z","nextScrape":"2026-11-22T15:31:39.000Z","failures":0,"sample":"2026-11-22T15:31:18.000Z","sampleAge":"8s","window":"10s","cpu":"250m","memory":"1Mi","pods":1,"served":true})";

inline const std::string kNodesHead =
    "2026-11-22T15:31:26.000Z  1 of 3 nodes scraped  \n"
    "NODE                              STATE        LAST SUCCESS  LATENCY  SAMPLE AGE  FAILURES  NEXT  PODS  "
    "URL "
    "                                          WHY\n";
inline const std::string kTableFirst =
    "n1                                ok           2s ago        12ms     8s          0         13s   1     "
    "https://10.0.0.1:10250/metrics/resource\n";

}  // namespace test::debug
