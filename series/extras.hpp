// SPDX-License-Identifier: Apache-2.0
// What there may be beside history.
#pragma once

namespace storage {
class WatchedObjects;
namespace stats {
class StatsHistory;
}
}  // namespace storage

namespace series {

// Null: it is off. Both must outlive who reads them.
struct Extras {
    // --kubelet-summary
    const storage::stats::StatsHistory* stats = nullptr;
    // --watch-objects
    const storage::WatchedObjects* objects = nullptr;
    // --node-exporter-series: names of node-exporter too, where a node's totals give the same.
    bool node_exporter = false;
};

}  // namespace series
