// SPDX-License-Identifier: Apache-2.0
#include "scraper/node/summary.hpp"

namespace scraper {

void Summary::add(std::string_view name, const NodeHealth& health) {
    ++nodes_;
    if (health.state() == NodeState::ok) ++ok_;
    if (health.state() == NodeState::pending) ++pending_;
    if (health.reason() == Reason::ok) return;
    Group& group = failed_[static_cast<std::size_t>(health.reason())];
    if (group.nodes == 0 || name < group.name) {
        group.name = name;
        group.health = &health;
    }
    ++group.nodes;
}

std::string Summary::text(Names names) const {
    std::string text = std::to_string(ok_) + " of " + std::to_string(nodes_) + " nodes scraped";
    if (pending_ != 0) text += ", " + std::to_string(pending_) + " not yet asked";
    for (const Group& group : failed_) {
        if (group.nodes == 0) continue;
        text += "; " + std::to_string(group.nodes) + " x ";
        text.append(words(group.health->reason()));
        if (names == Names::withheld) continue;
        text.append(" (").append(group.name).append(": ").append(group.health->error()).append(")");
    }
    return text;
}

}  // namespace scraper
