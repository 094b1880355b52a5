// SPDX-License-Identifier: Apache-2.0
// The two old APIs that draw graphs, answered from history: that of Kubernetes Dashboard's metrics-scraper
// below /api/v1/dashboard, and Heapster's model API below /api/v1/model. Both show the last 15 minutes at one
// point a minute; the second as far back as every tick is kept, when it is asked since when.
#pragma once

#include "apiserver/compression/compression.hpp"
#include "apiserver/request/query.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"
#include "storage/history/history.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

namespace storage {
class WatchedObjects;
}
namespace storage::stats {
class StatsHistory;
}  // namespace storage::stats

namespace apiserver {

inline constexpr std::string_view kDashboardRoot = "/api/v1/dashboard";
inline constexpr std::string_view kModelRoot = "/api/v1/model";

struct GraphsOptions {
    // Unix time.
    std::function<storage::history::Seconds()> wall_clock;
    // The store's.
    std::function<storage::Monotonic()> monotonic_clock;
    // What kubelets tell on /stats/summary; null: they are not asked. Must outlive the answers.
    const storage::stats::StatsHistory* stats = nullptr;
    // Null: they are not watched. Must outlive the answers.
    const storage::WatchedObjects* objects = nullptr;
    // Whether respond() has the page of resource_page.hpp.
    bool exposition = false;
};

class Graphs {
  public:
    // store and history must outlive it, and it its answers.
    Graphs(const storage::Store& store, const storage::history::History& history, GraphsOptions options);

    // `path` is that of the request's target, decoded. nullopt: it is below neither root, nor the page. What
    // it names is in the answer by its own name: a client that may read this path may read the figures of the
    // whole cluster.
    net::Task<std::optional<net::Response>> respond(const net::Request& request, std::string_view path,
                                                    const Query& query);

  private:
    net::Task<net::Response> respond_dashboard(const net::Request& request, std::string_view rest);
    net::Task<net::Response> respond_model(const net::Request& request, std::string_view rest,
                                           const Query& query);
    net::Task<net::Response> respond_resource(const net::Request& request);

    const storage::Store& store_;
    const storage::history::History& history_;
    GraphsOptions options_;
    Compression compression_;
};

}  // namespace apiserver
