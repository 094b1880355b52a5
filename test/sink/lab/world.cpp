// SPDX-License-Identifier: Apache-2.0
#include "test/sink/lab/world.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace sink_lab {
namespace {

using nlohmann::json;
using storage::history::ContainerFigures;
using storage::history::Figures;

constexpr unsigned kNamespaces = 3;
constexpr std::uint64_t kNanos = 1'000'000'000;

}  // namespace

World::World(WorldOptions options, storage::history::History& history)
    : options_{options}, history_{history}, random_{options.seed}, silent_(options.nodes, 0) {
    for (unsigned i = 0; i < options_.nodes; ++i)
        nodes_.push_back(history_.feed().link_node("node-" + std::to_string(i)));
}

void World::add_pod(std::int64_t now) {
    Pod pod;
    pod.name_space = "team-" + std::to_string(below(kNamespaces));
    pod.name = "web-" + std::to_string(made_++);
    pod.node = below(options_.nodes);
    pod.link = history_.feed().link_pod(pod.name_space, pod.name);
    for (const char* name : {"app", "sidecar"}) {
        Container& container = pod.containers.emplace_back();
        container.name = name;
        container.cpu = below(1000) * 1'000'000ULL + below(1'000'000);
        container.memory = 4096ULL * (1000 + below(100'000));
        container.started = static_cast<std::uint64_t>(now - 5) * kNanos;
        // Some kubelets report it.
        if (pod.node % 2 == 1) container.swap = 4096ULL * below(100);
        if (below(3) == 0) break;
    }
    pods_.push_back(std::move(pod));
}

void World::walk(Container& container) {
    container.cpu = container.cpu / 2 + below(800) * 1'000'000ULL;
    constexpr unsigned kMost = 10'000'000;
    container.memory = std::max<std::uint64_t>(container.memory + below(2 * kMost), kMost + 4096) - kMost;
    if (container.swap) container.swap = 4096ULL * below(100);
}

// Rarely enough that most series go on.
void World::change(std::int64_t now) {
    while (pods_.size() < options_.pods) add_pod(now);
    if (below(4) == 0) {
        const auto gone = pods_.begin() + below(static_cast<unsigned>(pods_.size()));
        history_.feed().unlink_pod(gone->link);
        pods_.erase(gone);
    }
    if (below(3) == 0) {
        Pod& pod = pods_[below(static_cast<unsigned>(pods_.size()))];
        Container& container = pod.containers.front();
        ++container.life;
        container.started = static_cast<std::uint64_t>(now - 3) * kNanos;
    }
    if (below(12) == 0) silent_[below(options_.nodes)] = ticks_ + 1 + below(4);
}

std::string World::tick(std::int64_t now) {
    ++ticks_;
    change(now);
    storage::history::Feed& feed = history_.feed();
    feed.begin_tick(now);
    json served = {{"at", now}, {"nodes", json::array()}, {"containers", json::array()}};
    std::vector<Figures> sums(options_.nodes);
    for (Pod& pod : pods_) {
        for (Container& each : pod.containers) walk(each);
        if (silent_[pod.node] > ticks_) continue;
        std::vector<ContainerFigures> figures;
        for (const Container& each : pod.containers) {
            figures.push_back({each.name, {each.cpu, each.memory, each.swap}, {each.life, each.started}});
            sums[pod.node].cpu += each.cpu;
            sums[pod.node].memory += each.memory;
            served["containers"].push_back({{"namespace", pod.name_space},
                                            {"pod", pod.name},
                                            {"container", each.name},
                                            {"node", "node-" + std::to_string(pod.node)},
                                            {"cpu", each.cpu},
                                            {"memory", each.memory},
                                            {"started", each.started / kNanos}});
            if (each.swap) served["containers"].back()["swap"] = *each.swap;
        }
        std::sort(figures.begin(), figures.end(),
                  [](const ContainerFigures& a, const ContainerFigures& b) { return a.name < b.name; });
        feed.put_pod(pod.link, pod.name_space, nodes_[pod.node], figures);
    }
    for (unsigned i = 0; i < options_.nodes; ++i) {
        if (silent_[i] > ticks_) continue;
        feed.put_node(nodes_[i], sums[i], {1, 7 * kNanos});
        served["nodes"].push_back(
            {{"node", "node-" + std::to_string(i)}, {"cpu", sums[i].cpu}, {"memory", sums[i].memory}});
    }
    feed.end_tick();
    history_.tend();
    return served.dump();
}

}  // namespace sink_lab
