// SPDX-License-Identifier: Apache-2.0
#include "test/sim/stored_page.hpp"

namespace sim {

void fill_page(const Node& node, storage::Nanos when, storage::NodePage& page) {
    page.clear();
    page.kubelet_time = when;
    for (const auto& pod : node.pods) {
        for (const Container& container : pod->containers) {
            const Life* const life = container.life_at(when);
            if (life == nullptr) continue;
            storage::PageRow row;
            row.name_space = pod->name_space;
            row.pod = pod->name;
            row.container = container.name;
            row.cpu = storage::Reading{life->cpu_nanos(when), when};
            row.memory = storage::Reading{static_cast<std::uint64_t>(life->memory_bytes(when)), when};
            row.swap = storage::Reading{0, when};
            row.started = life->start;
            page.containers.push_back(row);
        }
    }
    page.node.cpu = storage::Reading{node.cpu_nanos(when), when};
    page.node.memory = storage::Reading{static_cast<std::uint64_t>(node.memory_bytes(when)), when};
}

}  // namespace sim
