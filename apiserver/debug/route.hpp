// SPDX-License-Identifier: Apache-2.0
// The pages of debug/ and their paths outside of the group.
#pragma once

#include "apiserver/request/metrics_objects.hpp"

#include <optional>
#include <span>
#include <string>
#include <variant>

namespace apiserver {

// Why there are no figures.
struct DebugPage {
    std::variant<AllNodes, OnePod> of;
};

// /debug/nodes and /debug/pods/NAMESPACE/NAME.
std::optional<DebugPage> debug_route(std::span<const std::string> segments);

}  // namespace apiserver
