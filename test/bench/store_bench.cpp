// SPDX-License-Identifier: Apache-2.0
// What a commit, a read and a pod cost the store: store_bench [NODES [PODS_PER_NODE]], 1,000 x 30 by default.
#include "storage/store.hpp"
#include "test/bench/counter.hpp"

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

std::size_t heap_bytes() {
    return mallinfo2().uordblks;
}

void bench_commits(Store& store, Cluster& cluster) {
    int round = 0;
    std::size_t rows = 0;
    const auto commit = [&] {
        const Monotonic now{std::chrono::seconds{++round * 15}};
        rows = 0;
        for (std::size_t n = 0; n < cluster.nodes.size(); ++n) {
            age(cluster.pages[n], round * 15 * kSecond);
            rows += store.commit(cluster.nodes[n], cluster.pages[n], now).containers;
        }
    };
    // The first ones make the points. What makes the pages older is counted as well: some percent.
    commit();
    commit();
    bench::measure("commit", "page", static_cast<double>(cluster.nodes.size()), kRounds, commit);
    bench::measure("commit, by row", "row", static_cast<double>(rows), 3, commit);
    const Monotonic now{std::chrono::seconds{round * 15}};
    std::size_t pods = 0;
    const auto walk = [&] {
        pods = 0;
        store.walk_pods({}, {}, now, [&](const PodView&) { return ++pods > 0; });
    };
    walk();
    bench::measure("walk", "pod", static_cast<double>(pods), kRounds, walk);
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
    for (std::size_t number = 0; number < nodes * pods; ++number) {
        store.put_pod("team-" + std::to_string(number % 150), pod_name(number), {{"app", "frontend"}});
    }
    const std::size_t named = heap_bytes();
    bench_commits(store, cluster);
    if (bench::under_callgrind()) return 0;
    const double count = static_cast<double>(nodes * pods);
    const double containers = static_cast<double>(store.container_count());
    std::printf("heap: %.0f bytes a node, %.0f a pod with its name, %.0f more a container\n",
                static_cast<double>(empty - before) / static_cast<double>(nodes),
                static_cast<double>(named - empty) / count,
                static_cast<double>(heap_bytes() - named) / containers);
}
