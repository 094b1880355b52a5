// SPDX-License-Identifier: Apache-2.0
#include "test/storage/snapshot/living_cluster.hpp"

#include "test/storage/pages.hpp"

#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

namespace storage::snapshot {
namespace {

constexpr double kTick = 15;

void write(std::ostream& out, const history::RecentPoint& point) {
    out << point.at << ' ' << point.cpu << ' ' << point.memory << ' ' << point.cpu_seconds << ' '
        << point.started;
    if (point.swap) out << " swap " << *point.swap;
    out << '\n';
}

void write(std::ostream& out, const history::LongPoint& point) {
    out << point.at << ' ' << point.cpu << ' ' << point.cpu_max << ' ' << point.memory << ' '
        << point.memory_max << ' ' << point.cpu_seconds << ' ' << point.started;
    if (point.swap) out << " swap " << *point.swap << ' ' << *point.swap_max;
    out << '\n';
}

template <class Point>
void write_all(std::ostream& out, const history::History& history, const history::Subject& subject) {
    std::vector<Point> points;
    history.read(subject, {}, points);
    for (const Point& point : points) write(out, point);
}

void write_subject(std::ostream& out, const std::string& name, const history::History& history,
                   const history::Subject& subject) {
    std::ostringstream points;
    points << std::setprecision(std::numeric_limits<double>::max_digits10);
    write_all<history::RecentPoint>(points, history, subject);
    points << "long\n";
    write_all<history::LongPoint>(points, history, subject);
    // Entries that have nothing to tell come and go with tend().
    if (points.str() != "long\n") out << name << '\n' << points.str();
}

using StatsPoints = std::vector<stats::Point>;

void write(std::ostream& out, const StatsPoints& points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        // Numbers of lives are those of one reading.
        if (i > 0 && points[i].life != points[i - 1].life) out << "another life\n";
        out << points[i].at << " since " << points[i].started;
        for (const stats::Number& value : points[i].values) {
            out << ' ';
            if (value)
                out << *value;
            else
                out << '-';
        }
        out << '\n';
    }
}

void write_subject(std::ostream& out, const std::string& name, const stats::StatsHistory& stats,
                   const stats::Subject& subject) {
    constexpr stats::Part kParts[] = {stats::Part::network,
                                      stats::Part::memory,
                                      stats::Part::filesystem,
                                      stats::Part::image_filesystem,
                                      stats::Part::container_filesystem,
                                      stats::Part::disk};
    for (const stats::Part part : kParts) {
        StatsPoints recent;
        StatsPoints longer;
        stats.read_recent(subject, part, {}, recent);
        stats.read_long(subject, part, {}, longer);
        if (recent.empty() && longer.empty()) continue;
        out << name << ", part " << static_cast<int>(part) << '\n';
        write(out, recent);
        out << "long\n";
        write(out, longer);
    }
}

// Of a process as a kubelet tells it; whatever it is, it depends on what the process did.
stats::Memory memory_of(std::uint64_t memory, double cpu, stats::Seconds at) {
    return {at, memory * 2, memory, static_cast<std::uint64_t>(cpu * 1000), static_cast<std::uint64_t>(cpu)};
}

stats::Filesystem filesystem_of(std::uint64_t used) {
    constexpr std::uint64_t kCapacity = 100'000'000'000;
    return {used, kCapacity, kCapacity - used, 6'000'000, 5'000'000 - used / 1'000'000};
}

}  // namespace

stats::StatsOptions Memory::small_stats() {
    stats::StatsOptions options;
    options.recent_window = std::chrono::seconds{900};
    options.long_window = std::chrono::seconds{3600};
    options.memory = std::size_t{16} * 1024 * 1024;
    return options;
}

history::HistoryOptions Memory::small() {
    history::HistoryOptions options;
    options.recent_window = std::chrono::seconds{900};
    options.long_window = std::chrono::seconds{3600};
    options.memory = std::size_t{16} * 1024 * 1024;
    return options;
}

LivingCluster::LivingCluster(unsigned seed, int nodes, int pods)
    : random_{seed},
      nodes_{nodes},
      pods_(static_cast<std::size_t>(pods)),
      machines_(static_cast<std::size_t>(nodes)) {
    for (std::size_t i = 0; i < pods_.size(); ++i) {
        pods_[i].name_space = i % 3 == 0 ? "kube-system" : "shop";
        pods_[i].name = "pod-" + std::to_string(i);
        start(pods_[i]);
    }
    for (Process& machine : machines_) {
        machine.rate = 2;
        machine.memory = 8'000'000'000;
        machine.cpu = 100;
    }
}

void LivingCluster::start(Replica& pod) {
    pod.node = pick(nodes_);
    pod.uid = next_uid_++;
    pod.started = seconds_;
    pod.processes.clear();
    for (const char* name : {"agent", "main", "side"}) {
        if (name != std::string_view{"main"} && chance(60)) continue;
        Process process;
        process.name = name;
        process.started = seconds_;
        process.swaps = chance(30);
        pod.processes.push_back(process);
    }
}

void LivingCluster::churn(const std::vector<Memory*>& servers) {
    Replica& pod = pods_[static_cast<std::size_t>(pick(static_cast<int>(pods_.size())))];
    if (chance(15)) {
        for (Memory* server : servers) server->store.remove_pod(pod.name_space, pod.name);
        start(pod);
        for (Memory* server : servers) tell(pod, *server);
    } else if (chance(20)) {
        Process& process = pod.processes.front();
        process.cpu = 0;
        process.started = seconds_;
    }
}

void LivingCluster::run(double seconds) {
    seconds_ += seconds;
    const auto work = [&](Process& process) {
        if (process.rate == 0 || chance(10)) process.rate = pick(20'000) / 10'000.0;
        if (process.memory == 0 || chance(10))
            process.memory = 1'000'000 + static_cast<std::uint64_t>(pick(1'000'000'000));
        process.cpu += process.rate * std::min(seconds, seconds_ - process.started);
    };
    for (Replica& pod : pods_)
        for (Process& process : pod.processes) work(process);
    for (Process& machine : machines_) work(machine);
}

void LivingCluster::show_page(int node, const std::vector<Memory*>& servers) {
    const double sampled = seconds_ - 1;
    const Process& machine = machines_[static_cast<std::size_t>(node)];
    std::vector<PageRow> rows;
    for (const Replica& pod : pods_) {
        if (pod.node != node) continue;
        for (const Process& process : pod.processes) {
            if (sampled - process.started < 2) continue;
            rows.push_back(row(pod.name_space, pod.name, process.name, sampled, process.cpu, process.started,
                               process.memory));
            // Mostly nothing is swapped.
            const std::uint64_t swapped = process.memory % 8 == 0 ? process.memory / 7 : 0;
            if (process.swaps) rows.back().swap = Reading{swapped, nanos(sampled)};
        }
    }
    const NodePage shown = page(std::move(rows), node_row(sampled, machine.cpu, machine.memory));
    for (Memory* server : servers) server->store.commit("node-" + std::to_string(node), shown, at(seconds_));
    // Once a minute.
    if ((ticks_ + node) % 4 == 0) show_summary(node, servers);
}

void LivingCluster::show_summary(int node, const std::vector<Memory*>& servers) {
    const auto unix_time = [&](double time) { return kStart + static_cast<std::int64_t>(time) + ahead_; };
    const stats::Seconds when = unix_time(seconds_);
    const Process& machine = machines_[static_cast<std::size_t>(node)];
    stats::StatsPage shown;
    shown.kubelet_time = when;
    shown.node.started = kStart;
    const auto bytes_of = [](double cpu) { return static_cast<std::uint64_t>(cpu * 1e6); };
    shown.node.network = {when - 4, bytes_of(machine.cpu), bytes_of(machine.cpu / 3), 1, 2};
    shown.node.memory = memory_of(machine.memory, machine.cpu, when - 5);
    shown.node.filesystem = filesystem_of(machine.memory / 3);
    shown.node.image_filesystem = filesystem_of(machine.memory / 4);
    shown.node.container_filesystem = filesystem_of(machine.memory / 5);
    stats::Container& kubelet = shown.node.system_containers.emplace_back();
    kubelet.name = "kubelet";
    kubelet.started = kStart + 1;
    kubelet.cpu = bytes_of(machine.cpu);
    kubelet.memory = memory_of(machine.memory / 10, machine.cpu, when - 3);
    for (const Replica& pod : pods_) {
        if (pod.node != node) continue;
        stats::Pod& told_pod = shown.pods.emplace_back();
        told_pod.name_space = pod.name_space;
        told_pod.name = pod.name;
        told_pod.started = unix_time(pod.started);
        double all = 0;
        for (const Process& process : pod.processes) {
            stats::Container& container = told_pod.containers.emplace_back();
            container.name = process.name;
            container.started = unix_time(process.started);
            container.memory = memory_of(process.memory, process.cpu, when - 7);
            container.rootfs_used = process.memory / 7;
            container.logs_used = bytes_of(process.cpu);
            all += process.cpu;
        }
        // It falls when a process starts again.
        told_pod.network = {when - 11, bytes_of(all), bytes_of(all / 2), 0, 0};
        told_pod.memory = memory_of(pod.processes.front().memory, all, when - 7);
        told_pod.ephemeral_storage_used = bytes_of(all);
        if (pod.uid % 3 == 0)
            told_pod.volumes.push_back({"data", "data-" + pod.name, filesystem_of(bytes_of(all))});
        if (pod.uid % 5 == 0) told_pod.volumes.push_back({"scratch", "", filesystem_of(8192)});
    }
    const auto everybody = [](std::string_view, std::string_view) { return true; };
    for (Memory* server : servers)
        server->stats.commit("node-" + std::to_string(node), shown, when, everybody);
}

void LivingCluster::tell(const Replica& pod, Memory& server) const {
    const std::string uid = std::to_string(pod.uid) + "-" + std::to_string(generation_);
    server.store.put_pod(pod.name_space, pod.name, {}, uid);
}

void LivingCluster::introduce(Memory& server) const {
    for (int i = 0; i < nodes_; ++i) {
        const std::string uid = "machine-" + std::to_string(i) + "-" + std::to_string(generation_);
        server.store.put_node("node-" + std::to_string(i), {}, {uid, 0});
    }
    for (const Replica& pod : pods_) tell(pod, server);
}

void LivingCluster::live(const std::vector<Memory*>& servers) {
    run(kTick);
    ++ticks_;
    churn(servers);
    for (int node = 0; node < nodes_; ++node)
        if (!chance(8)) show_page(node, servers);
    for (Memory* server : servers) {
        server->store.expire(at(seconds_));
        server->store.end_tick(now().unix_time.count() / 1000, at(seconds_));
        while (server->store.sweep_tick(2)) {
        }
        while (server->history.tend()) {
        }
        for (int i = 0; i < 20; ++i) server->history.tend();
    }
}

Now LivingCluster::now() const {
    const auto unix_seconds = kStart + static_cast<std::int64_t>(seconds_) + ahead_;
    return {std::chrono::seconds{unix_seconds}, at(seconds_)};
}

void LivingCluster::pass(std::int64_t seconds) {
    run(static_cast<double>(seconds));
}

std::vector<Section> sections_of(const Memory& server, Now now) {
    std::vector<Section> sections;
    SnapshotWriter writer{server.store, &server.history, &server.stats};
    while (auto section = writer.next(now)) sections.push_back(std::move(*section));
    return sections;
}

std::string load_into(Memory& server, const std::vector<Section>& sections, Now now) {
    std::string complaints;
    SnapshotLoader loader{server.store, &server.history, &server.stats};
    for (const Section& section : sections) complaints += loader.load(section.kind, section.bytes, now);
    return complaints;
}

std::string told(const history::History& history) {
    std::ostringstream out;
    write_subject(out, "cluster", history, history::OfCluster{});
    history.walk_namespaces({}, [&](std::string_view name) {
        write_subject(out, "namespace " + std::string{name}, history, history::OfNamespace{name});
        return true;
    });
    history.walk_nodes({}, [&](std::string_view name) {
        write_subject(out, "node " + std::string{name}, history, history::OfNode{name});
        return true;
    });
    history.walk_pods({}, {}, {}, [&](const history::KnownPod& pod) {
        const std::string name = std::string{pod.name_space} + "/" + std::string{pod.name};
        write_subject(out, "pod " + name + " of " + std::string{pod.node}, history,
                      history::OfPod{pod.name_space, pod.name});
        for (const std::string_view container : pod.containers)
            write_subject(out, name + "/" + std::string{container}, history,
                          history::OfContainer{pod.name_space, pod.name, container});
        return true;
    });
    return out.str();
}

std::string told(const stats::StatsHistory& stats) {
    std::ostringstream out;
    stats.walk_nodes({}, [&](std::string_view node) {
        write_subject(out, "node " + std::string{node}, stats, stats::OfNode{node});
        for (const std::string_view container : stats.system_containers(node))
            write_subject(out, "node " + std::string{node} + "/" + std::string{container}, stats,
                          stats::OfSystemContainer{node, container});
        return true;
    });
    stats.walk_pods({}, {}, {}, [&](const stats::KnownPod& pod) {
        const std::string name = std::string{pod.name_space} + "/" + std::string{pod.name};
        write_subject(out, "pod " + name + " of " + std::string{pod.node}, stats,
                      stats::OfPod{pod.name_space, pod.name});
        for (const std::string_view container : pod.containers)
            write_subject(out, name + "/" + std::string{container}, stats,
                          stats::OfContainer{pod.name_space, pod.name, container});
        for (const stats::KnownVolume& volume : pod.volumes)
            write_subject(out,
                          name + ", volume " + std::string{volume.name} + " " + std::string{volume.claim},
                          stats, stats::OfVolume{pod.name_space, pod.name, volume.name});
        return true;
    });
    return out.str();
}

std::string served_by(const Store& store, Monotonic now) {
    std::ostringstream out;
    const auto write_usage = [&](const Usage& usage) {
        out << ' ' << usage.timestamp << ' ' << usage.window.count() << ' ' << usage.cpu << ' '
            << usage.memory << ' ' << usage.swap.value_or(0);
    };
    store.walk_nodes({}, now, [&](const NodeView& node) {
        if (node.usage) {
            out << node.name;
            write_usage(*node.usage);
            out << '\n';
        }
        return true;
    });
    store.walk_pods({}, {}, now, [&](const PodView& pod) {
        for (const ContainerView& container : pod.containers) {
            out << pod.name_space << '/' << pod.name << '/' << container.name;
            write_usage(container.usage);
            out << '\n';
        }
        return true;
    });
    return out.str();
}

}  // namespace storage::snapshot
