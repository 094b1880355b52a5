// SPDX-License-Identifier: Apache-2.0
#include "topd/parts.hpp"

#include "topd/limits/descriptors.hpp"
#include "topd/scrape_reports.hpp"
#include "topd/settings.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace topd {
namespace {

MemoryBounds bounds_of(const CgroupLimits& limits, std::uint64_t descriptors) {
    MemoryBounds bounds = bounds_within(limits.memory_bytes);
    bounds.connections = connections_within(descriptors, bounds.connections);
    return bounds;
}

// All clients that are made with it tell `metrics`.
kube::Config measured(kube::Config config, kube::ClientMetrics& metrics) {
    config.metrics = &metrics;
    return config;
}

template <class Kept, class Options>
std::unique_ptr<Kept> make(const std::optional<Options>& options) {
    return options ? std::make_unique<Kept>(*options) : nullptr;
}

// All that kubelets are asked for.
scraper::ScraperOptions asking(scraper::ScraperOptions options, storage::stats::StatsHistory* stats) {
    options.stats = stats;
    if (stats != nullptr) options.stats_pace = stats->options().pace;
    return options;
}

std::unique_ptr<storage::WatchedObjects> make_objects(const Flags& flags) {
    if (!flags.watch_objects) return nullptr;
    // Sinks alone tell of ends.
    return std::make_unique<storage::WatchedObjects>(flags.sink.empty() ? 0 : storage::kEndedPods);
}

// The following make a part of those above it.
std::optional<apiserver::Graphs> make_graphs(const Parts& parts) {
    if (!parts.history) return std::nullopt;
    apiserver::GraphsOptions options;
    options.wall_clock = [] {
        using World = std::chrono::system_clock;
        return std::chrono::floor<std::chrono::seconds>(World::now().time_since_epoch()).count();
    };
    options.monotonic_clock = net::Clock::now;
    options.stats = parts.stats.get();
    options.objects = parts.objects.get();
    options.exposition = parts.flags.graphs_exposition;
    return apiserver::Graphs{parts.store, *parts.history, std::move(options)};
}

std::unique_ptr<QueryApi> make_query_api(const Parts& parts) {
    if (!parts.history) return nullptr;
    const series::Extras extras{parts.stats.get(), parts.objects.get(), parts.flags.node_exporter_series,
                                parts.figures.get()};
    return std::make_unique<QueryApi>(*parts.history, parts.store, extras, parts.bounds.query_bytes);
}

std::unique_ptr<Sinks> make_sinks(const Parts& parts) {
    if (parts.flags.sink.empty()) return nullptr;
    const auto knows_node = [&store = parts.store](std::string_view name) {
        return store.node(name, net::Clock::now()).has_value();
    };
    const series::Extras extras{parts.stats.get(), parts.objects.get()};
    return std::make_unique<Sinks>(parts.executor, parts.flags, *parts.history, extras,
                                   parts.bounds.sink_bytes, knows_node);
}

std::unique_ptr<apiserver::Ui> make_ui(const Parts& parts) {
    if (!parts.history) return nullptr;
    apiserver::PageSources sources{parts.store, *parts.history, parts.stats.get(), parts.objects.get(),
                                   parts.figures.get()};
    sources.reports = scrape_reports(parts.scraper);
    sources.clock = [] { return apiserver::Moments{std::chrono::system_clock::now(), net::Clock::now()}; };
    apiserver::PageDataOptions options;
    // A sixteenth of the memory limit: 30,000 pods take 8 MB.
    options.snapshot_bytes = 2 * parts.bounds.query_bytes;
    return std::make_unique<apiserver::Ui>(std::move(sources), std::move(options));
}

std::unique_ptr<CustomMetrics> make_custom_metrics(const Parts& parts) {
    if (!parts.flags.custom_metrics) return nullptr;
    return std::make_unique<CustomMetrics>(parts.executor, parts.flags, parts.cluster, parts.store,
                                           parts.bounds.application_bytes, parts.figures.get());
}

}  // namespace

Parts::Parts(net::Executor run_by, const Flags& given, const CgroupLimits& limits, std::uint64_t descriptors)
    : executor{std::move(run_by)},
      flags{given},
      bounds{bounds_of(limits, descriptors)},
      history_bytes{topd::history_bytes(flags, limits.memory_bytes)},
      cluster{measured(kube_config(flags), api_requests)},
      history{make<storage::history::History>(history_options(flags, limits.memory_bytes))},
      stats{make<storage::stats::StatsHistory>(stats_options(flags, limits.memory_bytes))},
      figures{make<storage::applications::FigureHistory>(figure_history_options(flags, limits.memory_bytes))},
      store{store_options(flags, bounds), history.get()},
      objects{make_objects(flags)},
      graphs{make_graphs(*this)},
      query_api{make_query_api(*this)},
      sinks{make_sinks(*this)},
      scraper{executor, asking(scraper_options(flags, cluster, bounds), stats.get()), store},
      ui{make_ui(*this)},
      places{executor, cluster, store},
      custom_metrics{make_custom_metrics(*this)},
      credentials{flags, cluster, scraper},
      nodes{watch_of_nodes()},
      pods{watch_of_pods()} {}

void Parts::make_state_file() {
    if (flags.state_file.empty()) return;
    const std::size_t memory =
        (history ? history->options().memory : 0) + (stats ? stats->options().memory : 0);
    StateFileOptions options = state_file_options(flags, memory);
    if (sinks) {
        options.write_places = [this](bool ending) { return sinks->places(ending); };
        options.read_places = [this](std::string_view text) { sinks->resume(text); };
    }
    state.emplace(std::move(options), store, history.get(), stats.get());
}

std::optional<Inventory> Parts::inventory() const {
    if (!nodes->synced() || !pods->synced()) return std::nullopt;
    // A pod has a container, though none was seen yet.
    return Inventory{store.node_count(),
                     store.pod_count(),
                     std::max(store.container_count(), store.pod_count()),
                     history_bytes,
                     objects ? objects->pod_count() : 0,
                     objects ? objects->shape_count() : 0};
}

// Whom a watch tells, before the scraper.
template <class Object>
kube::Observer<Object>& Parts::first(kube::Observer<Object>& next) {
    return custom_metrics ? custom_metrics->before(next) : next;
}

std::unique_ptr<kube::Reflector> Parts::watch_of_nodes() {
    kube::Observer<kube::Node>& told = first(scraper.nodes());
    if (!objects) return kube::watch_nodes(executor, cluster, flags.node_selector, told);
    node_objects.emplace(*objects, told);
    return kube::watch_full_nodes(executor, cluster, flags.node_selector, *node_objects);
}

std::unique_ptr<kube::Reflector> Parts::watch_of_pods() {
    kube::Observer<kube::Pod>& told = first(scraper.pods());
    kube::ReflectorOptions options;
    if (custom_metrics) options.scrape_annotations = flags.custom_metrics_annotations;
    if (!objects) return kube::watch_pods(executor, cluster, told, options);
    pod_objects.emplace(*objects, told);
    return kube::watch_full_pods(executor, cluster, *pod_objects, options);
}

}  // namespace topd
