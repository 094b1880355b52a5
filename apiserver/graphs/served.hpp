// SPDX-License-Identifier: Apache-2.0
// What the model API names: Heapster listed those of its newest batch, here it is those that have figures
// now.
#pragma once

#include "apiserver/graphs/route.hpp"
#include "apiserver/turns/parts.hpp"
#include "storage/history/history.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/store.hpp"

#include <functional>
#include <memory>

namespace storage {
class WatchedObjects;
}

namespace apiserver {

// What it reads from, and the time. The clocks are asked again when an answer is long.
struct ModelSources {
    const storage::Store& store;
    const storage::history::History& history;
    // Null: kubelets are not asked for /stats/summary.
    const storage::stats::StatsHistory* stats;
    const std::function<storage::Monotonic()>& monotonic;
    storage::history::Seconds now = 0;
    // Null: they are not watched.
    const storage::WatchedObjects* objects = nullptr;
};

bool is_served(const ModelSources& sources, const storage::history::Subject& subject);

// A JSON array, pretty, in the order of the store: by name, pods by namespace first. The sources must outlive
// it.
std::unique_ptr<Parts> served_names(const ModelSources& sources, const ModelNames& names);

}  // namespace apiserver
