// SPDX-License-Identifier: Apache-2.0
// What there may be beside history.
#pragma once

namespace storage {
class WatchedObjects;
namespace applications {
class FigureHistory;
}
namespace stats {
class StatsHistory;
}
}  // namespace storage

namespace series {

// Null: it is off. All must outlive who reads them.
struct Extras {
    // --kubelet-summary
    const storage::stats::StatsHistory* stats = nullptr;
    // --watch-objects
    const storage::WatchedObjects* objects = nullptr;
    // --node-exporter-series: names of node-exporter too, where a node's totals give the same.
    bool node_exporter = false;
    // --custom-metrics
    const storage::applications::FigureHistory* figures = nullptr;
};

}  // namespace series
