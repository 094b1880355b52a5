// SPDX-License-Identifier: Apache-2.0
#include "storage/disputes.hpp"

#include <utility>

namespace storage {

void Disputes::add(const Pod& pod, Monotonic now) {
    auto at = disputes_.find(&pod);
    if (at == disputes_.end()) {
        if (open_ >= kMost) return;
        at = disputes_.try_emplace(&pod).first;
        ++open_;
    } else if (!at->second.node.empty() || now - at->second.asked_at < kAskAgain) {
        return;
    }
    at->second.asked_at = now;
    to_ask_.push_back(&pod);
}

std::vector<const Pod*> Disputes::take() {
    return std::exchange(to_ask_, {});
}

void Disputes::settle(const Pod& pod, std::string_view node) {
    const auto at = disputes_.find(&pod);
    if (at == disputes_.end() || node.empty()) return;
    if (at->second.node.empty()) --open_;
    at->second.node = node;
}

void Disputes::forget(const Pod& pod) {
    const auto at = disputes_.find(&pod);
    if (at == disputes_.end()) return;
    if (at->second.node.empty()) --open_;
    disputes_.erase(at);
    std::erase(to_ask_, &pod);
}

bool Disputes::is_elsewhere(const Pod& pod, std::string_view node) const {
    if (disputes_.empty()) return false;
    const auto at = disputes_.find(&pod);
    return at != disputes_.end() && !at->second.node.empty() && at->second.node != node;
}

}  // namespace storage
