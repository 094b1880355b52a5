// SPDX-License-Identifier: Apache-2.0
#include "topd/wiring.hpp"

#include "apiserver/api.hpp"
#include "apiserver/in_flight.hpp"
#include "net/http/server.hpp"
#include "net/task_group.hpp"
#include "scraper/object_inventory.hpp"
#include "scraper/pod_places.hpp"
#include "storage/watched/watched_objects.hpp"
#include "telemetry/process_metrics.hpp"
#include "topd/access.hpp"
#include "topd/credentials/cluster_credentials.hpp"
#include "topd/credentials/followed_files.hpp"
#include "topd/credentials/serving_certificate.hpp"
#include "topd/custom_metrics.hpp"
#include "topd/ending.hpp"
#include "topd/flags/tls_choice.hpp"
#include "topd/graphs_port.hpp"
#include "topd/health.hpp"
#include "topd/history_ticks.hpp"
#include "topd/limits/descriptors.hpp"
#include "topd/limits/memory_plan.hpp"
#include "topd/limits/resource_watch.hpp"
#include "topd/listen_failure.hpp"
#include "topd/metrics_page.hpp"
#include "topd/pods_first.hpp"
#include "topd/query_api.hpp"
#include "topd/scrape_reports.hpp"
#include "topd/settings.hpp"
#include "topd/sinks.hpp"
#include "topd/state/state_file.hpp"
#include "version/version.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <unistd.h>

namespace topd {
namespace {

namespace asio = boost::asio;

// Kubernetes kills a pod 30 s after it asked it to end.
constexpr std::chrono::seconds kGrace{20};
// 150,000 pods are listed in some seconds.
constexpr std::chrono::seconds kPodsFirst{5};
constexpr std::chrono::milliseconds kLookForPods{20};
// For all that is left when the last request has ended.
constexpr std::chrono::milliseconds kLastMoments{1500};
// The same with a state file to be written.
constexpr std::chrono::seconds kLastWriting{10};

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

std::unique_ptr<storage::history::History> make_history(const Flags& flags, const Cgroup& cgroup) {
    const auto options = history_options(flags, cgroup.limits().memory_bytes);
    return options ? std::make_unique<storage::history::History>(*options) : nullptr;
}

std::unique_ptr<storage::stats::StatsHistory> make_stats(const Flags& flags, const Cgroup& cgroup) {
    const auto options = stats_options(flags, cgroup.limits().memory_bytes);
    return options ? std::make_unique<storage::stats::StatsHistory>(*options) : nullptr;
}

std::unique_ptr<storage::applications::FigureHistory> make_figures(const Flags& flags, const Cgroup& cgroup) {
    const auto options = figure_history_options(flags, cgroup.limits().memory_bytes);
    return options ? std::make_unique<storage::applications::FigureHistory>(*options) : nullptr;
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

std::optional<apiserver::Graphs> make_graphs(const Flags& flags, const storage::Store& store,
                                             const storage::history::History* history,
                                             const storage::stats::StatsHistory* stats,
                                             const storage::WatchedObjects* objects) {
    if (history == nullptr) return std::nullopt;
    const auto wall_clock = [] {
        using World = std::chrono::system_clock;
        return std::chrono::floor<std::chrono::seconds>(World::now().time_since_epoch()).count();
    };
    apiserver::GraphsOptions options;
    options.wall_clock = wall_clock;
    options.monotonic_clock = net::Clock::now;
    options.stats = stats;
    options.objects = objects;
    options.exposition = flags.graphs_exposition;
    return apiserver::Graphs{store, *history, std::move(options)};
}

std::unique_ptr<apiserver::Ui> make_ui(const storage::Store& store, const storage::history::History* history,
                                       const series::Extras& extras, const scraper::Scraper& scraper,
                                       std::size_t bytes) {
    if (history == nullptr) return nullptr;
    apiserver::PageSources sources{store, *history, extras.stats, extras.objects, extras.figures};
    sources.reports = scrape_reports(scraper);
    sources.clock = [] { return apiserver::Moments{std::chrono::system_clock::now(), net::Clock::now()}; };
    apiserver::PageDataOptions options;
    options.snapshot_bytes = bytes;
    return std::make_unique<apiserver::Ui>(std::move(sources), std::move(options));
}

std::unique_ptr<QueryApi> make_query_api(const storage::Store& store,
                                         const storage::history::History* history,
                                         const series::Extras& extras, std::size_t bytes) {
    return history == nullptr ? nullptr : std::make_unique<QueryApi>(*history, store, extras, bytes);
}

std::unique_ptr<Sinks> make_sinks(const net::Executor& executor, const Flags& flags,
                                  const storage::Store& store, storage::history::History* history,
                                  const series::Extras& extras, std::size_t bytes) {
    if (flags.sink.empty()) return nullptr;
    const auto knows_node = [&store](std::string_view name) {
        return store.node(name, net::Clock::now()).has_value();
    };
    return std::make_unique<Sinks>(executor, flags, *history, extras, bytes, knows_node);
}

class Daemon {
  public:
    Daemon(net::Executor executor, const Flags& flags, const Cgroup& cgroup, std::uint64_t descriptors)
        : executor_{std::move(executor)},
          flags_{flags},
          bounds_{bounds_of(cgroup.limits(), descriptors)},
          history_bytes_{history_bytes(flags, cgroup.limits().memory_bytes)},
          cluster_{measured(kube_config(flags), api_requests_)},
          history_{make_history(flags, cgroup)},
          stats_{make_stats(flags, cgroup)},
          figures_{make_figures(flags, cgroup)},
          store_{store_options(flags, bounds_), history_.get()},
          objects_{make_objects(flags)},
          graphs_{make_graphs(flags, store_, history_.get(), stats_.get(), objects_.get())},
          query_api_{
              make_query_api(store_, history_.get(),
                             {stats_.get(), objects_.get(), flags.node_exporter_series, figures_.get()},
                             bounds_.query_bytes)},
          sinks_{make_sinks(executor_, flags, store_, history_.get(), {stats_.get(), objects_.get()},
                            bounds_.sink_bytes)},
          scraper_{executor_, asking(scraper_options(flags, cluster_, bounds_), stats_.get()), store_},
          // A sixteenth of the memory limit: 30,000 pods take 8 MB.
          ui_{make_ui(store_, history_.get(), {stats_.get(), objects_.get(), false, figures_.get()}, scraper_,
                      2 * bounds_.query_bytes)},
          places_{executor_, cluster_, store_},
          custom_metrics_{make_custom_metrics(executor_, flags, cluster_, store_, bounds_.application_bytes,
                                              figures_.get())},
          credentials_{flags_, cluster_, scraper_},
          nodes_{watch_of_nodes()},
          pods_{watch_of_pods()},
          health_{{store_, scraper_, *nodes_, *pods_, flags.metric_resolution,
                   2 * flags.metric_resolution + flags.kubelet_request_timeout}},
          access_{executor_, flags, cluster_, bounds_},
          api_{api_options(flags), store_, access_.authenticator(), access_.authorizer()},
          resources_{cgroup, [this] { return inventory(); }, {descriptors, bounds_.connections}},
          ending_{executor_},
          background_{executor_, ending_.on_failure()},
          serving_{executor_, ending_.on_failure()} {
        if (flags.secure_port != 0)
            server_.emplace(executor_, server_options(flags, bounds_, cgroup.limits().cpus),
                            serving_tls(flags), api_);
        if (!flags.state_file.empty()) state_.emplace(state_options(), store_, history_.get(), stats_.get());
        if (!flags.graphs_address.empty())
            graphs_port_.emplace(executor_, parse_listen_address(flags.graphs_address), *graphs_,
                                 query_api_->api(), *ui_);
        follow_files();
        add_families(page_, {scraper_, store_, history_.get(), stats_.get(), state_ ? &*state_ : nullptr,
                             sinks_.get(), custom_metrics_.get(), api_, access_, api_requests_, server_});
    }

    // Binds the ports that there are to be.
    void listen(const std::string& bind_address) {
        if (graphs_port_) graphs_port_->listen();
        if (!server_) return;
        if (const auto listening = server_->listen(); !listening)
            throw std::runtime_error{listen_failure(
                bind_address, static_cast<std::uint16_t>(flags_.secure_port), listening.error())};
        telemetry::info("Serving securely on", {{"address", shown_address(bind_address, server_->port())}});
    }

    net::Task<> run() {
        if (server_) serving_.spawn(server_->run(), "the server");
        background_.spawn(access_.run(), "the watch of the authentication configuration");
        if (state_) {
            background_.spawn(keep_state(), "the state file");
            co_await state_->wait_for_points();
        } else {
            begin_history();
            background_.spawn(start_sinks(), "the start of the sinks");
        }
        background_.spawn(watch_nodes(), "the watch of nodes");
        background_.spawn(pods_->run(), "the watch of pods");
        background_.spawn(scraper_.run(), "the scraper");
        background_.spawn(places_.run(), "the look-up of pods that two nodes show");
        if (custom_metrics_) custom_metrics_->start(background_);
        background_.spawn(followed_files_.run(), "the reload of credentials");
        resources_.introduce();
        background_.spawn(resources_.run(), "the watch of limits");
        co_await ending_.wait();
        health_.stop();
        if (graphs_port_) graphs_port_->stop(kLastMoments);
        if (server_) co_await stop_serving();
        end_within(state_ ? kLastWriting : kLastMoments, ending_.failure().empty() ? 0 : 1);
        background_.cancel();
        co_await background_.wait();
        if (state_ && state_->is_loaded()) co_await state_->save(true);
        telemetry::info("Stopped");
        ending_.finish();
        if (!ending_.failure().empty()) throw std::runtime_error{ending_.failure()};
    }

  private:
    // Figures do not wait for history: an hour of a large cluster takes seconds to read.
    net::Task<> keep_state() {
        co_await state_->load();
        begin_history();
        co_await start_sinks();
        co_await state_->run();
    }

    void begin_history() {
        if (history_) {
            ticks_.emplace(store_, *history_, followers());
            background_.spawn(ticks_->run(), "the history");
        }
        if (ui_) background_.spawn(ui_->data().run(), "the page");
        if (graphs_port_) background_.spawn(graphs_port_->run(), "the port for graphs");
    }

    net::Task<> start_sinks() {
        if (!sinks_) co_return;
        // What watches tell of pods goes with every tick.
        if (objects_) co_await pods_first(*pods_, kPodsFirst, kLookForPods);
        // A file of the very end is that no more once receivers see newer ticks.
        if (state_ && sinks_->ended_well()) co_await state_->save();
        sinks_->start(background_);
    }

    TickFollowers followers() {
        TickFollowers followers;
        if (figures_) {
            followers.ends = [this](auto at, auto now) { custom_metrics_->end_tick(at, now); };
            followers.tend = [this] { return figures_->tend(); };
        }
        if (sinks_) followers.over = [this] { sinks_->tick_ended(); };
        return followers;
    }

    void follow_files() {
        followed_files_.add([this] { credentials_.read_again(); });
        followed_files_.add([this] { access_.read_authorities_again(); });
        if (custom_metrics_) followed_files_.add([this] { custom_metrics_->read_authorities_again(); });
        followed_files_.add([this] { access_.read_kubeconfigs_again(); });
        if (!server_) return;
        serving_certificate_.emplace(flags_, *server_);
        followed_files_.add([this] { serving_certificate_->read_again(); });
    }

    // Whom a watch tells, before the scraper.
    template <class Object>
    kube::Observer<Object>& first(kube::Observer<Object>& scraper) {
        return custom_metrics_ ? custom_metrics_->before(scraper) : scraper;
    }

    std::unique_ptr<kube::Reflector> watch_of_nodes() {
        kube::Observer<kube::Node>& nodes = first(scraper_.nodes());
        if (!objects_) return kube::watch_nodes(executor_, cluster_, flags_.node_selector, nodes);
        node_objects_.emplace(*objects_, nodes);
        return kube::watch_full_nodes(executor_, cluster_, flags_.node_selector, *node_objects_);
    }

    std::unique_ptr<kube::Reflector> watch_of_pods() {
        kube::Observer<kube::Pod>& pods = first(scraper_.pods());
        kube::ReflectorOptions options;
        if (custom_metrics_) options.scrape_annotations = flags_.custom_metrics_annotations;
        if (!objects_) return kube::watch_pods(executor_, cluster_, pods, options);
        pod_objects_.emplace(*objects_, pods);
        return kube::watch_full_pods(executor_, cluster_, *pod_objects_, options);
    }

    net::Task<> watch_nodes() {
        co_await pods_first(*pods_, kPodsFirst, kLookForPods);
        co_await nodes_->run();
    }

    // With --shutdown-send-retry-after whoever comes while the last requests end is told to come again;
    // without, they find nobody listening.
    net::Task<> stop_serving() {
        using Farewell = apiserver::Termination::Farewell;
        if (flags_.shutdown_delay_duration.count() > 0)
            co_await net::sleep_until(net::Clock::now() + flags_.shutdown_delay_duration);
        api_.shut_down(flags_.shutdown_send_retry_after ? Farewell::retry_after : Farewell::unavailable);
        if (flags_.shutdown_send_retry_after) co_await api_.in_flight().drained(net::Clock::now() + kGrace);
        server_->stop(kGrace);
        co_await serving_.wait();
    }

    StateFileOptions state_options() {
        const std::size_t memory =
            (history_ ? history_->options().memory : 0) + (stats_ ? stats_->options().memory : 0);
        StateFileOptions options = state_file_options(flags_, memory);
        if (!sinks_) return options;
        options.write_places = [this](bool ending) { return sinks_->places(ending); };
        options.read_places = [this](std::string_view places) { sinks_->resume(places); };
        return options;
    }

    apiserver::ApiOptions api_options(const Flags& flags) {
        apiserver::ApiOptions options;
        options.page = &page_;
        options.started = static_cast<std::int64_t>(telemetry::process_use().started);
        options.server_address = shown_server_address(flags);
        options.metrics = metrics_options(flags, bounds_);
        options.healthz = health_.healthz();
        options.livez = health_.livez();
        options.readyz = health_.readyz();
        options.debug.reports = scrape_reports(scraper_);
        if (sinks_) options.debug.sinks = [this] { return sinks_->states(); };
        if (custom_metrics_) {
            options.groups.push_back(custom_metrics_->group());
            options.debug.applications = custom_metrics_->reports();
        }
        options.graphs = graphs_ ? &*graphs_ : nullptr;
        options.prometheus = query_api_ ? &query_api_->api() : nullptr;
        options.ui = ui_.get();
        options.in_flight.reading = static_cast<std::size_t>(flags.max_requests_inflight);
        options.in_flight.mutating = static_cast<std::size_t>(flags.max_mutating_requests_inflight);
        options.request_timeout = flags.request_timeout;
        options.strict_transport_security =
            fmt::format("{}", fmt::join(flags.strict_transport_security_directives, "; "));
        return options;
    }

    std::optional<Inventory> inventory() const {
        if (!nodes_->synced() || !pods_->synced()) return std::nullopt;
        // A pod has a container, though none was seen yet.
        return Inventory{store_.node_count(),
                         store_.pod_count(),
                         std::max(store_.container_count(), store_.pod_count()),
                         history_bytes_,
                         objects_ ? objects_->pod_count() : 0,
                         objects_ ? objects_->shape_count() : 0};
    }

    // In the order of use: each refers to those above it.
    net::Executor executor_;
    Flags flags_;
    MemoryBounds bounds_;
    std::size_t history_bytes_;
    kube::ClientMetrics api_requests_;
    kube::Config cluster_;
    // Null: none is kept.
    std::unique_ptr<storage::history::History> history_;
    // Null: kubelets are not asked for /stats/summary.
    std::unique_ptr<storage::stats::StatsHistory> stats_;
    // Null: there is no history, or none of pods' own metrics.
    std::unique_ptr<storage::applications::FigureHistory> figures_;
    storage::Store store_;
    // Null without --watch-objects; and what feeds them.
    std::unique_ptr<storage::WatchedObjects> objects_;
    std::optional<scraper::NodeObjects> node_objects_;
    std::optional<scraper::PodObjects> pod_objects_;
    // Of history.
    std::optional<apiserver::Graphs> graphs_;
    std::unique_ptr<QueryApi> query_api_;
    // Null: history is written nowhere.
    std::unique_ptr<Sinks> sinks_;
    std::optional<StateFile> state_;
    scraper::Scraper scraper_;
    // Of history too.
    std::unique_ptr<apiserver::Ui> ui_;
    scraper::PodPlaces places_;
    // Null without --custom-metrics.
    std::unique_ptr<CustomMetrics> custom_metrics_;
    ClusterCredentials credentials_;
    std::unique_ptr<kube::Reflector> nodes_;
    std::unique_ptr<kube::Reflector> pods_;
    Health health_;
    Access access_;
    telemetry::MetricsPage page_;
    apiserver::Api api_;
    std::optional<net::HttpServer> server_;
    std::optional<GraphsPort> graphs_port_;
    std::optional<ServingCertificate> serving_certificate_;
    std::optional<HistoryTicks> ticks_;
    FollowedFiles followed_files_;
    ResourceWatch resources_;
    Ending ending_;
    net::TaskGroup background_;
    net::TaskGroup serving_;
};

void say_what_has_no_effect(const Flags& flags) {
    for (const std::string& sentence : flags.doubts) telemetry::warning(sentence);
    for (const std::string& name : flags.without_effect)
        telemetry::warning("Flag has no effect in topd", {{"flag", name}});
    for (const std::string& part : tls_choice(flags).without_effect)
        telemetry::warning("Flag has no effect in topd", {{"flag", part}});
}

}  // namespace

void run(const Flags& flags, const Cgroup& cgroup) {
    // A peer that closes while we write is an error of that write.
    std::signal(SIGPIPE, SIG_IGN);
    // First: what cannot be read next may be what one of them is about.
    say_what_has_no_effect(flags);
    asio::io_context loop{1};
    Daemon daemon{loop.get_executor(), flags, cgroup, raise_descriptor_limit()};
    telemetry::info("Starting topd", {{"version", version::number()}, {"pid", ::getpid()}});
    daemon.listen(flags.bind_address);
    asio::co_spawn(loop, daemon.run(), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
    loop.run();
}

}  // namespace topd
