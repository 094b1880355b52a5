// SPDX-License-Identifier: Apache-2.0
// What the page's figures come from.
#pragma once

#include "apiserver/debug/moments.hpp"
#include "apiserver/debug/node_scrape.hpp"
#include "storage/history/history.hpp"
#include "storage/store.hpp"

#include <functional>

namespace storage {
class WatchedObjects;
}
namespace storage::applications {
class FigureHistory;
}  // namespace storage::applications
namespace storage::stats {
class StatsHistory;
}  // namespace storage::stats

namespace apiserver {

// All must outlive whoever reads it, and its answers.
struct PageSources {
    const storage::Store& store;
    const storage::history::History& history;
    // Null: kubelets are not asked for /stats/summary.
    const storage::stats::StatsHistory* stats = nullptr;
    // Null: objects are not watched.
    const storage::WatchedObjects* objects = nullptr;
    // Null: no metrics of pods are asked for by others.
    const storage::applications::FigureHistory* figures = nullptr;
    // How scraping goes; may be unset.
    ScrapeReports reports{};
    std::function<Moments()> clock{};
};

}  // namespace apiserver
