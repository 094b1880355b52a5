// SPDX-License-Identifier: Apache-2.0
// Any bytes are a state file, or say why not, and what they hold does no harm to a store and its histories.
// The first byte tells what follows: 0 a file, else the bytes of a section of that kind.
#include "storage/history/history.hpp"
#include "storage/snapshot/snapshot.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/store.hpp"
#include "test/fuzz/require.hpp"
#include "topd/state/state_format.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace {

using storage::snapshot::Now;
using storage::snapshot::SectionKind;
using topd::StateReader;

constexpr std::chrono::seconds kNow{1'800'000'000};

Now now(int seconds) {
    return {kNow + std::chrono::seconds{seconds}, storage::Monotonic{std::chrono::seconds{10'000 + seconds}}};
}

struct Memory {
    static storage::history::HistoryOptions options() {
        storage::history::HistoryOptions options;
        options.memory = std::size_t{1024} * 1024;
        return options;
    }

    static storage::stats::StatsOptions stats_options() {
        storage::stats::StatsOptions options;
        options.memory = std::size_t{1024} * 1024;
        return options;
    }

    storage::history::History history{options()};
    storage::Store store{{}, &history};
    storage::stats::StatsHistory stats{stats_options()};
};

void load_file(std::string_view file, storage::snapshot::SnapshotLoader& loader) {
    StateReader reader{[&](char* to, std::size_t most) {
        const std::size_t size = std::min<std::size_t>({most, 1000, file.size()});
        std::copy_n(file.data(), size, to);
        file.remove_prefix(size);
        return size;
    }};
    while (const auto item = reader.next())
        loader.load(static_cast<SectionKind>(std::min<std::uint32_t>(item->kind, 255)), item->bytes, now(0));
    require((reader.verdict() == StateReader::Verdict::whole) == reader.reason().empty(),
            "a file that is not whole says why");
}

void load(std::uint8_t kind, std::string_view bytes, Memory& memory) {
    storage::snapshot::SnapshotLoader loader{memory.store, &memory.history, &memory.stats};
    if (kind == 0) return load_file(bytes, loader);
    const std::string_view fault = loader.load(static_cast<SectionKind>(kind), bytes, now(0));
    require(kind <= 5 || !fault.empty(), "unknown kinds are refused");
}

template <class Point>
void read(const storage::history::History& history, const storage::history::Subject& subject) {
    std::vector<Point> points;
    history.read(subject, {}, points);
    for (std::size_t i = 1; i < points.size(); ++i)
        require(points[i - 1].at < points[i].at, "points are in the order of time");
}

void read_all(const storage::history::History& history) {
    const auto read_both = [&](const storage::history::Subject& subject) {
        read<storage::history::RecentPoint>(history, subject);
        read<storage::history::LongPoint>(history, subject);
    };
    read_both(storage::history::OfCluster{});
    history.walk_nodes({}, [&](std::string_view name) {
        read_both(storage::history::OfNode{name});
        return true;
    });
    history.walk_pods({}, {}, {}, [&](const storage::history::KnownPod& pod) {
        read_both(storage::history::OfPod{pod.name_space, pod.name});
        return true;
    });
}

void read(const storage::stats::StatsHistory& stats, const storage::stats::Subject& subject) {
    using storage::stats::Part;
    std::vector<storage::stats::Point> recent;
    std::vector<storage::stats::Point> longer;
    for (const Part part : {Part::network, Part::memory, Part::filesystem, Part::image_filesystem,
                            Part::container_filesystem, Part::disk}) {
        stats.read_recent(subject, part, {}, recent);
        stats.read_long(subject, part, {}, longer);
        for (const auto* points : {&recent, &longer})
            for (std::size_t i = 1; i < points->size(); ++i)
                require((*points)[i - 1].at < (*points)[i].at, "summaries are in the order of time");
    }
}

void read_all(const storage::stats::StatsHistory& stats) {
    stats.walk_nodes({}, [&](std::string_view name) {
        read(stats, storage::stats::OfNode{name});
        for (const std::string_view container : stats.system_containers(name))
            read(stats, storage::stats::OfSystemContainer{name, container});
        return true;
    });
    stats.walk_pods({}, {}, {}, [&](const storage::stats::KnownPod& pod) {
        require(pod.node.size() <= 253, "names are bounded");
        read(stats, storage::stats::OfPod{pod.name_space, pod.name});
        for (const std::string_view container : pod.containers)
            read(stats, storage::stats::OfContainer{pod.name_space, pod.name, container});
        for (const storage::stats::KnownVolume& volume : pod.volumes)
            read(stats, storage::stats::OfVolume{pod.name_space, pod.name, volume.name});
        return true;
    });
}

// A page that says the same of a node and its pods but for counters that grow.
void take_page(storage::stats::StatsHistory& stats, int seconds) {
    const auto at = now(seconds).unix_time.count() / 1000;
    const auto grown = static_cast<std::uint64_t>(1'000'000 + seconds);
    storage::stats::StatsPage page;
    page.kubelet_time = at;
    page.node.network = {at - 1, grown, grown, 0, 0};
    for (const char* name : {"pod-0", "pod-1"}) {
        storage::stats::Pod& pod = page.pods.emplace_back();
        pod.name_space = "shop";
        pod.name = name;
        pod.network = {at - 1, grown, grown, 0, 0};
        pod.containers.emplace_back().name = "main";
        pod.containers[0].memory = {at - 1, 4096, 4096, grown, 0};
        pod.volumes.push_back({"data", "data", {4096, 8192, 4096, 2, 1}});
    }
    stats.commit("node-0", page, at, [](std::string_view, std::string_view) { return true; });
}

// Whatever was loaded, the store and history go on.
void live(Memory& memory) {
    memory.store.put_node("node-0", {}, {"machine-0-0", 0});
    for (const char* name : {"pod-0", "pod-1"}) {
        memory.store.put_pod("kube-system", name, {}, "1-0");
        memory.store.put_pod("shop", name, {}, "2-0");
    }
    for (int tick = 1; tick < 4; ++tick) {
        memory.store.end_tick(now(15 * tick).unix_time.count() / 1000, now(15 * tick).monotonic);
        while (memory.store.sweep_tick(1)) {
        }
        memory.history.tend();
        memory.store.expire(now(15 * tick).monotonic);
        read_all(memory.history);
        take_page(memory.stats, 60 * tick);
        read_all(memory.stats);
    }
    require(memory.stats.reach().bytes <= memory.stats.options().memory, "memory of summaries is bounded");
    require(memory.history.reach().bytes <= 2 * memory.history.options().memory, "memory is bounded");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view rest = text_of(data + 1, size - 1);
    Memory memory;
    load(data[0], rest, memory);
    read_all(memory.history);
    read_all(memory.stats);
    live(memory);
    return 0;
}
