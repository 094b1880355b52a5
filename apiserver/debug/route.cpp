// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/route.hpp"

namespace apiserver {

std::optional<DebugPage> debug_route(std::span<const std::string> segments) {
    if (segments.empty() || segments[0] != "debug") return std::nullopt;
    if (segments.size() == 2 && segments[1] == "nodes") return DebugPage{AllNodes{}};
    if (segments.size() == 2 && segments[1] == "sinks") return DebugPage{AllSinks{}};
    if (segments.size() == 4 && segments[1] == "pods" && !segments[2].empty() && !segments[3].empty())
        return DebugPage{OnePod{segments[2], segments[3]}};
    return std::nullopt;
}

}  // namespace apiserver
