// SPDX-License-Identifier: Apache-2.0
// What the page of all kubelets costs: exposition_bench [NODES [PODS_PER_NODE]], 1,000 x 30 by default.
#include "apiserver/graphs/resource_page.hpp"
#include "gzip/writer.hpp"
#include "storage/store.hpp"
#include "test/bench/counter.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace storage;

constexpr Nanos kWorld = 1'800'000'000'000'000'000;
constexpr Nanos kTick = 15'000'000'000;

// Two pages of each node, so that all has a rate.
void fill(Store& store, std::size_t nodes, std::size_t pods) {
    for (std::size_t n = 0; n < nodes; ++n) {
        const std::string node =
            "ip-10-0-" + std::to_string(n / 250) + "-" + std::to_string(n % 250) + ".ec2.internal";
        store.put_node(node, {});
        NodePage page;
        for (std::size_t p = 0; p < pods; ++p) {
            PageRow& row = page.containers.emplace_back();
            row.name_space = page.keep("team-" + std::to_string((p * nodes + n) % 150));
            row.pod = page.keep("frontend-7d9c6b5f4-" + std::to_string(p * nodes + n));
            row.container = "main";
            row.swap = Reading{0, kWorld};
            row.started = kWorld - 3'600'123'456'789;
            store.put_pod(row.name_space, row.pod, {});
        }
        for (const Nanos age : {kTick, 2 * kTick}) {
            page.node.cpu = Reading{static_cast<std::uint64_t>(age), kWorld + age};
            page.node.memory = Reading{8'000'000'000, kWorld + age};
            for (PageRow& row : page.containers) {
                row.cpu = Reading{3'600'000'000'000 + static_cast<std::uint64_t>(age) / 7, kWorld + age};
                row.memory = Reading{50'675'712, kWorld + age};
            }
            store.commit(node, page, Monotonic{std::chrono::nanoseconds{age}});
        }
    }
}

struct Spent {
    std::size_t bytes = 0;
    std::size_t packed = 0;
    double longest_us = 0;
    double all_us = 0;
};
// As a client that takes it turn by turn.
Spent read(const Store& store, bool packs) {
    Spent reading;
    const auto parts = apiserver::resource_page(
        store, [] { return Monotonic{std::chrono::nanoseconds{2 * kTick}}; }, nullptr);
    gzip::Writer gzip;
    std::string piece, packed;
    if (packs) gzip.begin(packed, {});
    for (bool more = true; more;) {
        piece.clear();
        const double begin = bench::cpu_microseconds();
        more = parts->advance(piece);
        if (packs) gzip.write(packed, piece);
        if (packs && !more) gzip.finish(packed);
        const double spent = bench::cpu_microseconds() - begin;
        reading.longest_us = std::max(reading.longest_us, spent);
        reading.all_us += spent;
        reading.bytes += piece.size();
        reading.packed += packed.size();
        packed.clear();
    }
    return reading;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t nodes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000;
    const std::size_t pods = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 30;
    if (nodes == 0 || pods == 0) {
        std::fprintf(stderr, "usage: exposition_bench [NODES [PODS_PER_NODE]]\n");
        return 1;
    }
    Store store{{}};
    fill(store, nodes, pods);
    const Spent plain = read(store, false);
    const Spent packed = read(store, true);
    std::printf("page: %zu bytes, %.1f ms of CPU, the longest turn %.0f us\n", plain.bytes,
                plain.all_us / 1000, plain.longest_us);
    std::printf("compressed: %zu bytes, %.1f ms of CPU, the longest turn %.0f us\n", packed.packed,
                packed.all_us / 1000, packed.longest_us);
}
