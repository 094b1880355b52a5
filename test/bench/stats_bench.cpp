// SPDX-License-Identifier: Apache-2.0
// What the history of kubelets' summaries costs, in memory and in a state file: stats_bench [NODES
// [PODS_PER_NODE [MINUTES [MEMORY_MIB]]]], by default 1,000 x 30 for an hour in 512 MiB. A pod has a
// container and a volume; three in ten are busy, the others receive nothing and hold what they hold.
#include "storage/snapshot/snapshot.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/store.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <time.h>

using namespace storage;

namespace {

constexpr stats::Seconds kWorld = 1'800'000'000;
constexpr stats::Seconds kTick = 60;

struct Options {
    std::size_t nodes = 1000, pods = 30, minutes = 60, memory_mib = 512;
};

// Of the process, in milliseconds.
double cpu_millis() {
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) * 1e3 + static_cast<double>(spent.tv_nsec) / 1e6;
}

// How long something took, in all and at most.
struct Spent {
    template <class Work>
    auto on(Work&& work) {
        const double before = cpu_millis();
        auto result = work();
        const double took = cpu_millis() - before;
        all += took;
        longest = std::max(longest, took);
        return result;
    }

    double all = 0;
    double longest = 0;
};

class Cluster {
  public:
    explicit Cluster(const Options& options) : pages_(options.nodes) {
        std::size_t number = 0;
        for (stats::StatsPage& page : pages_) {
            page.node.started = kWorld - 86'400;
            page.node.filesystem = page.node.image_filesystem = filesystem();
            for (std::size_t i = 0; i < options.pods; ++i) {
                stats::Pod& pod = page.pods.emplace_back();
                pod.name_space = "team-" + std::to_string(number % 150);
                pod.name = "frontend-7d9c6b5f4-" + std::to_string(100'000 + number++);
                pod.started = kWorld - 3600;
                stats::Container& container = pod.containers.emplace_back();
                container.name = "main";
                container.started = kWorld - 3500;
                container.memory = {0, up_to(1 << 30), up_to(1 << 29), up_to(1'000'000), 10};
                container.rootfs_used = 4096;
                container.logs_used = 8192;
                pod.memory = container.memory;
                pod.network = {0, up_to(1 << 30), up_to(1 << 30), 0, 0};
                pod.volumes.push_back({"data", "data-" + pod.name, filesystem()});
            }
        }
    }

    void put(stats::StatsHistory& history, stats::Seconds at) {
        const auto anybody = [](std::string_view, std::string_view) { return true; };
        for (std::size_t node = 0; node < pages_.size(); ++node) {
            stats::StatsPage& page = pages_[node];
            page.kubelet_time = at;
            std::size_t i = 0;
            for (stats::Pod& pod : page.pods) grow(pod, at, i++ % 10 < 3);
            puts_.on([&] { return history.commit("node-" + std::to_string(node), page, at, anybody); });
        }
    }
    double put_millis() const { return puts_.all; }

  private:
    std::uint64_t up_to(std::uint64_t most) {
        return std::uniform_int_distribution<std::uint64_t>{0, most}(random_);
    }
    stats::Filesystem filesystem() {
        const std::uint64_t used = up_to(1 << 30);
        return {used, std::uint64_t{1} << 32, (std::uint64_t{1} << 32) - used, 262'144, 200'000};
    }
    void grow(stats::Pod& pod, stats::Seconds at, bool is_busy) {
        stats::Memory& memory = pod.containers[0].memory;
        pod.network.at = at - static_cast<stats::Seconds>(up_to(15));
        memory.at = at - static_cast<stats::Seconds>(up_to(10));
        if (is_busy) {
            *pod.network.rx_bytes += up_to(20'000'000);
            *pod.network.tx_bytes += up_to(40'000'000);
            *memory.page_faults += up_to(2000);
            memory.usage = *memory.usage / 20 * 19 + up_to(1 << 26);
            memory.rss = *memory.rss / 20 * 19 + up_to(1 << 25);
            *pod.volumes[0].filesystem.used += up_to(1 << 20);
            *pod.containers[0].logs_used += up_to(1 << 16);
        }
        pod.memory = memory;
    }

    std::mt19937_64 random_{1};
    std::vector<stats::StatsPage> pages_;
    Spent puts_;
};

std::size_t argument(int argc, char** argv, int at, std::size_t otherwise) {
    return argc > at ? std::strtoul(argv[at], nullptr, 10) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    options.nodes = argument(argc, argv, 1, options.nodes);
    options.pods = argument(argc, argv, 2, options.pods);
    options.minutes = argument(argc, argv, 3, options.minutes);
    options.memory_mib = argument(argc, argv, 4, options.memory_mib);
    const auto pods = static_cast<double>(options.nodes * options.pods);
    stats::StatsOptions limits;
    limits.memory = options.memory_mib * 1024 * 1024;

    stats::StatsHistory history{limits};
    Cluster cluster{options};
    for (std::size_t minute = 0; minute < options.minutes; ++minute)
        cluster.put(history, kWorld + static_cast<stats::Seconds>(minute) * kTick + 30);
    const stats::StatsReach reach = history.reach();
    std::printf("%.0f pods, %zu minutes: %.1f KB a pod in memory%s, %.1f us a pod and page\n", pods,
                options.minutes, static_cast<double>(reach.bytes) / pods / 1e3, reach.cut ? " (cut)" : "",
                cluster.put_millis() * 1e3 / pods / static_cast<double>(options.minutes));

    const Store empty{{}};
    snapshot::SnapshotWriter writer{empty, nullptr, &history};
    std::vector<snapshot::Section> sections;
    std::size_t bytes = 0;
    Spent written;
    while (auto section = written.on([&] { return writer.next({}); })) {
        bytes += section->bytes.size();
        sections.push_back(std::move(*section));
    }
    std::printf("written: %.1f MB in %zu sections, %.1f KB a pod; %.0f ms, %.2f ms a section at most\n",
                static_cast<double>(bytes) / 1e6, sections.size(), static_cast<double>(bytes) / pods / 1e3,
                written.all, written.longest);

    Store another{{}};
    stats::StatsHistory restarted{limits};
    snapshot::SnapshotLoader loader{another, nullptr, &restarted};
    Spent read;
    for (const snapshot::Section& section : sections) {
        const auto fault = read.on([&] { return loader.load(section.kind, section.bytes, {}); });
        if (!fault.empty()) return 1;
    }
    std::printf("read: %.0f ms, %.2f ms a section at most; %.1f KB a pod in memory\n", read.all, read.longest,
                static_cast<double>(restarted.reach().bytes) / pods / 1e3);
}
