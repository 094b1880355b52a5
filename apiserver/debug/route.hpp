// SPDX-License-Identifier: Apache-2.0
// The pages of debug/ and their paths outside of the group.
#pragma once

#include "apiserver/request/metrics_objects.hpp"

#include <optional>
#include <span>
#include <string>
#include <variant>

namespace apiserver {

struct AllSinks {};

// Why there are no figures, or nothing is written.
struct DebugPage {
    std::variant<AllNodes, OnePod, AllSinks> of;
};

// /debug/nodes, /debug/sinks and /debug/pods/NAMESPACE/NAME.
std::optional<DebugPage> debug_route(std::span<const std::string> segments);

}  // namespace apiserver
