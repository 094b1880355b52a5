// SPDX-License-Identifier: Apache-2.0
#include "scraper/inventory/inventory.hpp"

#include <utility>

namespace scraper {

NodeInventory::NodeInventory(AddressOptions options, storage::Store& store, TargetSet& targets)
    : options_{std::move(options)}, store_{store}, targets_{targets} {}

void NodeInventory::begin_list() {
    ++list_;
    store_.begin_nodes();
}

void NodeInventory::end_list() {
    listed_ = true;
    store_.end_nodes();
    std::erase_if(seen_, [this](const auto& entry) {
        if (entry.second == list_) return false;
        targets_.remove_target(entry.first);
        return true;
    });
}

void NodeInventory::put(const kube::Node& node) {
    seen_[node.name] = list_;
    store_.put_node(node.name, node.labels, {node.uid, node.cpu_capacity});
    targets_.put_target(node, kubelet_target(node, options_));
}

void NodeInventory::removed(const kube::Node& node) {
    seen_.erase(node.name);
    store_.remove_node(node.name);
    targets_.remove_target(node.name);
}

}  // namespace scraper
