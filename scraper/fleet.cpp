// SPDX-License-Identifier: Apache-2.0
#include "scraper/fleet.hpp"

#include <unordered_set>
#include <utility>

namespace scraper {

using Time = net::Clock::time_point;

Fleet::Fleet(net::Executor executor, AddressOptions address, storage::Store& store,
             const KubeletPolicy& policy, Schedule& schedule, std::function<void()> on_new)
    : executor_{std::move(executor)},
      address_{std::move(address)},
      policy_{policy},
      schedule_{schedule},
      on_new_{std::move(on_new)},
      inventory_{address_, store, *this} {}

void Fleet::put_target(const kube::Node& object, const net::Result<Target>& target) {
    if (first_target_ == Time{}) first_target_ = net::Clock::now();
    std::shared_ptr<ScrapedNode>& node = nodes_[object.name];
    std::string refusal = target ? "" : target_refusal(target.error(), object, address_);
    if (node && node->target == target && node->id.uid == object.uid) {
        node->refusal = std::move(refusal);
        node->ready = object.ready;
        return;
    }
    Time young_until = inventory_.listed() ? net::Clock::now() + NodeHealth::kYouth : Time{};
    if (node) {
        young_until = node->health.young_until();
        retire(*node);
    }
    node = std::make_shared<ScrapedNode>();
    ++in_state(*node);
    node->id = {object.name, object.uid};
    node->health = NodeHealth{young_until};
    node->target = target;
    node->refusal = std::move(refusal);
    node->ready = object.ready;
    if (target) node->kubelet.emplace(executor_, node->id, *node->target, policy_);
    schedule_.add(object.name, net::Clock::now());
    on_new_();
}

void Fleet::remove_target(const std::string& name) {
    const auto at = nodes_.find(name);
    if (at == nodes_.end()) return;
    retire(*at->second);
    nodes_.erase(at);
}

void Fleet::retire(ScrapedNode& node) {
    node.gone = true;
    --in_state(node);
    schedule_.remove(node.id.name);
    has_retired_ = true;
}

NodeHealth::Say Fleet::record(ScrapedNode& node, NodeHealth::Attempt attempt) {
    --in_state(node);
    const NodeHealth::Say say = node.health.record(std::move(attempt), node.ready);
    ++in_state(node);
    return say;
}

FirstFigures Fleet::first_figures() const {
    FirstFigures figures{first_target_};
    for (const auto& [name, node] : nodes_) figures.add(*node);
    return figures;
}

std::string Fleet::summary(Summary::Names names) const {
    Summary summary;
    for (const auto& [name, node] : nodes_) summary.add(name, node->health);
    return summary.text(names);
}

void Fleet::save_pins() {
    if (!policy_.pins || !inventory_.listed()) return;
    if (std::exchange(has_retired_, false)) {
        std::unordered_set<std::string_view> uids;
        for (const auto& [name, node] : nodes_) uids.insert(node->id.uid);
        policy_.pins->keep_only([&](std::string_view uid) { return uids.contains(uid); });
    }
    policy_.pins->save();
}

}  // namespace scraper
