// SPDX-License-Identifier: Apache-2.0
// What a commit, a read and a pod cost the store: store_bench [NODES [PODS_PER_NODE]], 1,000 x 30 by default.
#include "storage/store.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <malloc.h>

using namespace storage;

namespace {

constexpr Nanos kSecond = 1'000'000'000;
constexpr int kRounds = 20;

struct Cluster {
    std::vector<std::string> nodes;
    std::vector<NodePage> pages;
};

std::string pod_name(std::size_t number) {
    return "frontend-" + std::to_string(number / 10) + "-7d9c6b5f4-" +
           std::to_string(10'000 + number % 90'000);
}

void add_row(NodePage& page, const std::string& name_space, const std::string& pod,
             std::string_view container) {
    PageRow row;
    row.name_space = page.keep(name_space);
    row.pod = page.keep(pod);
    row.container = container;
    row.cpu = Reading{1, kSecond};
    row.memory = Reading{50'000'000, kSecond};
    row.swap = Reading{0, kSecond};
    row.started = kSecond / 2;
    page.containers.push_back(row);
}

// Every sixth pod has a second container.
Cluster make_cluster(std::size_t nodes, std::size_t pods) {
    Cluster cluster;
    for (std::size_t n = 0; n < nodes; ++n) {
        cluster.nodes.push_back("node-" + std::to_string(n) + ".internal");
        NodePage& page = cluster.pages.emplace_back();
        for (const std::string_view container : {"main", "sidecar"}) {
            for (std::size_t p = 0; p < pods; ++p) {
                const std::size_t number = p * nodes + n;
                if (container == "sidecar" && number % 6 != 0) continue;
                add_row(page, "team-" + std::to_string(number % 150), pod_name(number), container);
            }
        }
    }
    return cluster;
}

// The page some seconds later.
void age(NodePage& page, Nanos by) {
    page.node.cpu = Reading{static_cast<std::uint64_t>(by), kSecond + by};
    page.node.memory = Reading{1, kSecond + by};
    for (PageRow& row : page.containers) {
        row.cpu = Reading{static_cast<std::uint64_t>(by / 5), kSecond + by};
        row.memory->at = kSecond + by;
    }
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::size_t heap_bytes() {
    return mallinfo2().uordblks;
}

void bench_commits(Store& store, Cluster& cluster) {
    double total = 0;
    double best = 1e9;
    std::size_t rows = 0;
    for (int round = 1; round <= kRounds; ++round) {
        for (NodePage& page : cluster.pages) age(page, round * 15 * kSecond);
        const Monotonic now{std::chrono::seconds{round * 15}};
        const auto start = std::chrono::steady_clock::now();
        rows = 0;
        for (std::size_t n = 0; n < cluster.nodes.size(); ++n) {
            rows += store.commit(cluster.nodes[n], cluster.pages[n], now).containers;
        }
        const double took = seconds_since(start);
        // The first rounds make the points.
        if (round > 2) total += took;
        if (round > 2 && took < best) best = took;
    }
    const double pages = static_cast<double>(cluster.nodes.size());
    std::printf("commit: %.2f us a page of %.1f containers (best round %.2f), %.0f ns a row\n",
                total / (kRounds - 2) / pages * 1e6, static_cast<double>(rows) / pages, best / pages * 1e6,
                total / (kRounds - 2) / static_cast<double>(rows) * 1e9);
}

void bench_reads(const Store& store) {
    const Monotonic now{std::chrono::seconds{kRounds * 15}};
    std::size_t pods = 0;
    std::size_t containers = 0;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 5; ++i) {
        store.walk_pods({}, {}, now, [&](const PodView& pod) {
            ++pods;
            containers += pod.containers.size();
            return true;
        });
    }
    std::printf("walk: %.0f ns a pod (%zu pods with %zu containers served)\n",
                seconds_since(start) / static_cast<double>(pods) * 1e9, pods / 5, containers / 5);
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t nodes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000;
    const std::size_t pods = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 30;
    if (nodes == 0 || pods == 0) {
        std::fprintf(stderr, "usage: store_bench [NODES [PODS_PER_NODE]]\n");
        return 1;
    }
    Cluster cluster = make_cluster(nodes, pods);
    const std::size_t before = heap_bytes();
    Store store{{}};
    for (const std::string& node : cluster.nodes) store.put_node(node, {{"kubernetes.io/hostname", node}});
    const std::size_t empty = heap_bytes();
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t number = 0; number < nodes * pods; ++number) {
        store.put_pod("team-" + std::to_string(number % 150), pod_name(number), {{"app", "frontend"}});
    }
    const double put = seconds_since(start);
    const std::size_t named = heap_bytes();
    std::printf("put: %.0f ns a pod\n", put / static_cast<double>(nodes * pods) * 1e9);
    bench_commits(store, cluster);
    bench_reads(store);
    const double count = static_cast<double>(nodes * pods);
    const double containers = static_cast<double>(store.container_count());
    std::printf("heap: %.0f bytes a node, %.0f a pod with its name, %.0f more a container\n",
                static_cast<double>(empty - before) / static_cast<double>(nodes),
                static_cast<double>(named - empty) / count,
                static_cast<double>(heap_bytes() - named) / containers);
}
