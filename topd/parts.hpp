// SPDX-License-Identifier: Apache-2.0
// What the daemon is made of, but for what clients meet (topd/serving): what is kept of the cluster, who
// fills it, and who shows it or writes it elsewhere.
#pragma once

#include "apiserver/graphs/graphs.hpp"
#include "apiserver/page/ui.hpp"
#include "kube/client_metrics.hpp"
#include "kube/config/config.hpp"
#include "kube/reflector.hpp"
#include "net/task.hpp"
#include "scraper/inventory/object_inventory.hpp"
#include "scraper/inventory/pod_places.hpp"
#include "scraper/scraper.hpp"
#include "storage/applications/figure_history.hpp"
#include "storage/history/history.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/store.hpp"
#include "storage/watched/watched_objects.hpp"
#include "topd/credentials/cluster_credentials.hpp"
#include "topd/custom_metrics.hpp"
#include "topd/flags/flags.hpp"
#include "topd/limits/cgroup.hpp"
#include "topd/limits/memory_plan.hpp"
#include "topd/query_api.hpp"
#include "topd/sinks.hpp"
#include "topd/state/state_file.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace topd {

struct Parts {
    // All but the state file; nothing runs yet. Throws std::runtime_error, one line, when a file or a flag is
    // not usable.
    Parts(net::Executor executor, const Flags& flags, const CgroupLimits& limits, std::uint64_t descriptors);
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    // --state-file, if it is set.
    void make_state_file();
    // What there is to keep in memory; nullopt: the watches have not told yet.
    std::optional<Inventory> inventory() const;

    // In the order of use: each refers to those above it.
    net::Executor executor;
    Flags flags;
    MemoryBounds bounds;
    std::size_t history_bytes;
    kube::ClientMetrics api_requests;
    kube::Config cluster;
    // Null: none is kept.
    std::unique_ptr<storage::history::History> history;
    // Null: kubelets are not asked for /stats/summary.
    std::unique_ptr<storage::stats::StatsHistory> stats;
    // Null: there is no history, or none of pods' own metrics.
    std::unique_ptr<storage::applications::FigureHistory> figures;
    storage::Store store;
    // Null without --watch-objects; and what feeds them.
    std::unique_ptr<storage::WatchedObjects> objects;
    std::optional<scraper::NodeObjects> node_objects;
    std::optional<scraper::PodObjects> pod_objects;
    // Of history.
    std::optional<apiserver::Graphs> graphs;
    std::unique_ptr<QueryApi> query_api;
    // Null: history is written nowhere.
    std::unique_ptr<Sinks> sinks;
    std::optional<StateFile> state;
    scraper::Scraper scraper;
    // Of history too.
    std::unique_ptr<apiserver::Ui> ui;
    scraper::PodPlaces places;
    // Null without --custom-metrics.
    std::unique_ptr<CustomMetrics> custom_metrics;
    ClusterCredentials credentials;
    std::unique_ptr<kube::Reflector> nodes;
    std::unique_ptr<kube::Reflector> pods;

  private:
    template <class Object>
    kube::Observer<Object>& first(kube::Observer<Object>& scraper);
    std::unique_ptr<kube::Reflector> watch_of_nodes();
    std::unique_ptr<kube::Reflector> watch_of_pods();
};

}  // namespace topd
