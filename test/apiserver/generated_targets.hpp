// SPDX-License-Identifier: Apache-2.0
// Targets near to those that are served: real segments, empty ones, dots, escaped slashes, in places where
// they may stand and where they may not. The same ones in each run. They name what permission_test.cpp puts
// there.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace test {

class GeneratedTargets {
  public:
    std::string next() {
        std::vector<std::string> parts = below(3) == 0 ? std::vector<std::string>{} : pick(kWhole);
        for (std::size_t edits = parts.empty() ? below(9) : below(4); edits > 0; --edits) edit(parts);
        std::string target = pick(kRoots);
        for (const std::string& part : parts) target += "/" + part;
        if (below(4) == 0) target += pick(std::vector<std::string>{"/", "//", "/.", "%2F", "%00"});
        if (target.empty()) target = "/";
        return below(3) == 0 ? target + "?" + pick(kQueries) : target;
    }
    std::string method() { return below(10) == 0 ? pick(kMethods) : "GET"; }

  private:
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_); }
    template <class T>
    T pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }
    void edit(std::vector<std::string>& parts) {
        const std::size_t at = below(parts.size() + 1);
        const auto place = parts.begin() + static_cast<std::ptrdiff_t>(at);
        switch (below(3)) {
            case 0:
                parts.insert(place, pick(kSegments));
                break;
            case 1:
                if (at < parts.size()) *place = pick(kSegments);
                break;
            default:
                if (at < parts.size()) parts.erase(place);
        }
    }

    const std::vector<std::string> kRoots = {"/apis/metrics.k8s.io/v1beta1",
                                             "/apis/metrics.k8s.io/v1beta1",
                                             "/apis/metrics.k8s.io/v1",
                                             "/debug",
                                             "",
                                             "/apis",
                                             "//apis/metrics.k8s.io/v1",
                                             "/apis/metrics.k8s.io//v1",
                                             "/apis%2Fmetrics.k8s.io/v1",
                                             "http://h/apis/metrics.k8s.io/v1",
                                             "/apis/metrics.k8s.io/./v1",
                                             "/apis/apps/v1"};
    const std::vector<std::vector<std::string>> kWhole = {
        {"nodes"},
        {"nodes", "node-alpha"},
        {"pods"},
        {"namespaces", "tenant", "pods"},
        {"namespaces", "tenant", "pods", "web-red"},
        {"namespaces", "tenant", "pods", "web-red", "debug"},
        {"namespaces", "other", "pods", "web-blue", "debug"},
        {"debug", "nodes"},
        {"pods", "tenant", "web-red"},
        {"namespaces", "tenant", "pods", "", "debug"},
        {"watch", "namespaces", "tenant", "pods"},
        {"namespaces", "", "pods"}};
    const std::vector<std::string> kSegments = {"",
                                                "",
                                                "",
                                                ".",
                                                "..",
                                                "%2F",
                                                "%2e%2e",
                                                "%2F..%2F",
                                                "%00",
                                                "*",
                                                "-",
                                                "namespaces",
                                                "tenant",
                                                "other",
                                                "pods",
                                                "nodes",
                                                "debug",
                                                "status",
                                                "finalize",
                                                "watch",
                                                "proxy",
                                                "web-red",
                                                "web-blue",
                                                "node-alpha",
                                                "tenant%2Fpods",
                                                "tenant%00",
                                                "tenant%2F..%2Fother",
                                                "%74enant",
                                                "all",
                                                "web-red%2Fdebug",
                                                "%20",
                                                "pods%2F%2Fdebug",
                                                "v1",
                                                "tenant;x"};
    const std::vector<std::string> kQueries = {
        "watch=1",
        "fieldSelector=metadata.name%3Dweb-red",
        "fieldSelector=metadata.namespace%3Dother",
        "fieldSelector=metadata.name%3D",
        "fieldSelector=metadata.name!%3Dweb-red",
        "fieldSelector=metadata.name%3Dweb-red&fieldSelector=metadata.name%3Dweb-blue",
        "fieldSelector=metadata.name%3Dweb-blue,metadata.name%3Dweb-red",
        "labelSelector=app",
        "labelSelector=a%00b",
        "labelSelector=%00",
        "node=node-alpha",
        "node=",
        "format=table",
        "limit=1",
        "namespace=other",
        "name=web-blue",
        "pretty=1",
        "timeout=5s"};
    const std::vector<std::string> kMethods = {"HEAD", "POST", "DELETE", "OPTIONS", "get", "LIST"};
    std::mt19937 random_{20261128};
};

}  // namespace test
