// SPDX-License-Identifier: Apache-2.0
// Heapster's metrics that come from the objects themselves (--watch-objects), at the levels at which it had
// them (metrics/core/metrics.go, metrics/processors): requests and limits, restarts, what nodes have, and
// which share of it is used and reserved.
#pragma once

#include "heapster/value.hpp"
#include "storage/history/points.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace storage {
class WatchedObjects;
}

namespace heapster {

// What a node uses, for its shares; nullopt: not known.
struct NodeUsage {
    std::optional<std::uint64_t> millicores;
    std::optional<std::uint64_t> bytes;
};

// Names are valid during the call. What a node has, and the shares, have a fraction; all else is whole.
using Take = std::function<void(std::string_view metric, Value value)>;

// Each once at most; none of what is not known. Requests and limits are 0 where there are none, as in
// Heapster; of other resources than CPU, memory and ephemeral storage there are requests alone.
void tell_objects(const storage::WatchedObjects& objects, const storage::history::Subject& subject,
                  const NodeUsage& usage, const Take& take);

}  // namespace heapster
