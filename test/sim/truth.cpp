// SPDX-License-Identifier: Apache-2.0
#include "test/sim/truth.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace sim {
namespace {

using nlohmann::ordered_json;

ordered_json spent(std::uint64_t from, std::uint64_t to, std::int64_t memory_bytes) {
    return {{"cpu_ns", to - from}, {"memory_bytes", memory_bytes}};
}

// `value` says CPU and memory at a time.
template <class Value>
ordered_json sample_list(const std::array<Millis, SampleClock::kRecent>& taken, Nanos not_before,
                         Value value) {
    ordered_json list = ordered_json::array();
    for (const Millis at : taken) {
        if (at == 0 || at * kMilli < not_before) break;
        const auto [cpu, memory] = value(at * kMilli);
        list.push_back({at, cpu, memory});
    }
    return list;
}

}  // namespace

ordered_json Truth::pod(const Model::PodKey& key, const std::string& name, Nanos from, Nanos to) const {
    const Pod* pod = model_.pod(key);
    if (!pod) return nullptr;
    if (name.empty()) return spent(pod->cpu_nanos(from), pod->cpu_nanos(to), pod->memory_bytes(to));
    const auto container = std::find_if(pod->containers.begin(), pod->containers.end(),
                                        [&](const Container& c) { return c.name == name; });
    if (container == pod->containers.end()) return nullptr;
    const Life* life = container->life_at(to);
    ordered_json result =
        spent(container->cpu_nanos(from), container->cpu_nanos(to), life ? life->memory_bytes(to) : 0);
    result["restarts"] = container->restarts;
    if (life) result["start_ns"] = life->start;
    return result;
}

ordered_json Truth::node(const std::string& name, Nanos from, Nanos to) const {
    const Node* node = model_.node(name);
    if (!node) return nullptr;
    return spent(node->cpu_nanos(from), node->cpu_nanos(to), node->memory_bytes(to));
}

ordered_json Truth::samples() const {
    ordered_json all = ordered_json::array();
    for (const Node& node : model_.nodes()) {
        const Page* page = kubelets_.page(node.index);
        if (!page) continue;
        for (const SampleRecord& record : page->samples()) {
            if (!record.container) continue;
            const Life* life = record.container->life_at(record.taken[0] * kMilli);
            if (!life) continue;
            all.push_back({{"namespace", record.pod->name_space},
                           {"pod", record.pod->name},
                           {"container", record.container->name},
                           {"node", node.name},
                           {"start_ns", life->start},
                           {"samples", sample_list(record.taken, life->start, [&](Nanos at) {
                                return std::pair{life->cpu_nanos(at), life->memory_bytes(at)};
                            })}});
        }
    }
    return all;
}

ordered_json Truth::node_samples() const {
    ordered_json all = ordered_json::array();
    for (const Node& node : model_.nodes()) {
        const Page* page = kubelets_.page(node.index);
        if (!page) continue;
        all.push_back(
            {{"node", node.name}, {"samples", sample_list(page->node_clock().recent(), 0, [&](Nanos at) {
                                       return std::pair{node.cpu_nanos(at), node.memory_bytes(at)};
                                   })}});
    }
    return all;
}

}  // namespace sim
