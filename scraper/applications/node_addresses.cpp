// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/node_addresses.hpp"

#include <utility>

namespace scraper {

void NodeAddresses::begin_list() {
    listed_.clear();
    next_.begin_list();
}

void NodeAddresses::end_list() {
    for (auto at = nodes_.begin(); at != nodes_.end();) {
        const std::string name = at++->first;
        if (!listed_.contains(name)) forget(name);
    }
    listed_.clear();
    next_.end_list();
}

void NodeAddresses::put(const kube::Node& node) {
    forget(node.name);
    listed_.insert(node.name);
    std::vector<boost::asio::ip::address>& known = nodes_[node.name];
    for (const kube::NodeAddress& each : node.addresses) {
        boost::system::error_code not_one;
        const auto address = boost::asio::ip::make_address(each.address, not_one);
        if (not_one) continue;
        known.push_back(address);
        addresses_.insert(address);
    }
    next_.put(node);
}

void NodeAddresses::removed(const kube::Node& node) {
    forget(node.name);
    next_.removed(node);
}

void NodeAddresses::forget(const std::string& node) {
    const auto known = nodes_.find(node);
    if (known == nodes_.end()) return;
    for (const auto& address : known->second) addresses_.erase(addresses_.find(address));
    nodes_.erase(known);
}

}  // namespace scraper
