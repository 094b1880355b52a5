// SPDX-License-Identifier: Apache-2.0
// The nodes that are scraped, and what is known of each.
#pragma once

#include "scraper/inventory/inventory.hpp"
#include "scraper/kubelet/kubelet_policy.hpp"
#include "scraper/node/first_figures.hpp"
#include "scraper/node/scraped_node.hpp"
#include "scraper/node/summary.hpp"
#include "scraper/schedule.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace scraper {

// Follows the watch of nodes, and keeps the schedule to those that there are. A node whose UID or target
// changes is another one: the old one is `gone`.
class Fleet final : TargetSet {
  public:
    using Nodes = std::map<std::string, std::shared_ptr<ScrapedNode>>;
    // By NodeState.
    using States = std::array<std::size_t, 4>;

    // `on_new` is called when there is a node that was not there before. Store, policy and schedule must
    // outlive it.
    Fleet(net::Executor executor, AddressOptions address, storage::Store& store, const KubeletPolicy& policy,
          Schedule& schedule, std::function<void()> on_new);

    // For the reflector.
    kube::Observer<kube::Node>& watch() { return inventory_; }

    // In order of their names.
    const Nodes& nodes() const { return nodes_; }
    // How many there are in each state.
    const States& states() const { return states_; }
    // What a scrape says of the node's health; what to log of it.
    NodeHealth::Say record(ScrapedNode& node, NodeHealth::Attempt attempt);

    FirstFigures first_figures() const;
    std::string summary(Summary::Names names) const;

    // Writes the keys that are pinned, if there are any, without those of nodes that are no more.
    void save_pins();

  private:
    void put_target(const kube::Node& object, const net::Result<Target>& target) override;
    void remove_target(const std::string& name) override;
    // Lets go of a node that leaves, or whose place another one takes.
    void retire(ScrapedNode& node);
    std::size_t& in_state(const ScrapedNode& node) {
        return states_[static_cast<std::size_t>(node.health.state())];
    }

    net::Executor executor_;
    AddressOptions address_;
    const KubeletPolicy& policy_;
    Schedule& schedule_;
    std::function<void()> on_new_;
    NodeInventory inventory_;
    Nodes nodes_;
    States states_{};
    // Pins may be left of nodes that are no more.
    bool has_retired_ = true;
    net::Clock::time_point first_target_{};
};

}  // namespace scraper
