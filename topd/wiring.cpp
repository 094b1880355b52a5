// SPDX-License-Identifier: Apache-2.0
#include "topd/wiring.hpp"

#include "apiserver/in_flight.hpp"
#include "net/task_group.hpp"
#include "telemetry/log.hpp"
#include "topd/credentials/followed_files.hpp"
#include "topd/ending.hpp"
#include "topd/flags/tls_choice.hpp"
#include "topd/history_ticks.hpp"
#include "topd/limits/descriptors.hpp"
#include "topd/limits/resource_watch.hpp"
#include "topd/parts.hpp"
#include "topd/pods_first.hpp"
#include "topd/serving/serving.hpp"
#include "version/version.hpp"

#include <chrono>
#include <csignal>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

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

class Daemon {
  public:
    Daemon(net::Executor executor, const Flags& flags, const Cgroup& cgroup, std::uint64_t descriptors)
        : parts_{std::move(executor), flags, cgroup.limits(), descriptors},
          serving_{parts_},
          resources_{cgroup, [this] { return parts_.inventory(); }, {descriptors, parts_.bounds.connections}},
          ending_{parts_.executor},
          background_{parts_.executor, ending_.on_failure()},
          answering_{parts_.executor, ending_.on_failure()} {
        serving_.make_server(cgroup.limits().cpus);
        parts_.make_state_file();
        serving_.make_graphs_port();
        follow_files();
    }

    void listen() { serving_.listen(); }

    net::Task<> run() {
        if (serving_.server) answering_.spawn(serving_.server->run(), "the server");
        background_.spawn(serving_.access.run(), "the watch of the authentication configuration");
        if (parts_.state) {
            background_.spawn(keep_state(), "the state file");
            co_await parts_.state->wait_for_points();
        } else {
            begin_history();
            background_.spawn(start_sinks(), "the start of the sinks");
        }
        background_.spawn(watch_nodes(), "the watch of nodes");
        background_.spawn(parts_.pods->run(), "the watch of pods");
        background_.spawn(parts_.scraper.run(), "the scraper");
        background_.spawn(parts_.places.run(), "the look-up of pods that two nodes show");
        if (parts_.custom_metrics) parts_.custom_metrics->start(background_);
        background_.spawn(followed_files_.run(), "the reload of credentials");
        resources_.introduce();
        background_.spawn(resources_.run(), "the watch of limits");
        co_await ending_.wait();
        co_await stop();
    }

  private:
    // Figures do not wait for history: an hour of a large cluster takes seconds to read.
    net::Task<> keep_state() {
        co_await parts_.state->load();
        begin_history();
        co_await start_sinks();
        co_await parts_.state->run();
    }

    void begin_history() {
        if (parts_.history) {
            ticks_.emplace(parts_.store, *parts_.history, followers());
            background_.spawn(ticks_->run(), "the history");
        }
        if (parts_.ui) background_.spawn(parts_.ui->data().run(), "the page");
        if (serving_.graphs_port) background_.spawn(serving_.graphs_port->run(), "the port for graphs");
    }

    net::Task<> start_sinks() {
        if (!parts_.sinks) co_return;
        // Every tick carries what the watch tells of pods.
        if (parts_.objects) co_await pods_first(*parts_.pods, kPodsFirst, kLookForPods);
        // The file says that an earlier run ended well: not true any more once receivers see newer ticks.
        if (parts_.state && parts_.sinks->ended_well()) co_await parts_.state->save();
        parts_.sinks->start(background_);
    }

    TickFollowers followers() {
        TickFollowers followers;
        if (parts_.figures) {
            followers.ends = [this](auto at, auto now) { parts_.custom_metrics->end_tick(at, now); };
            followers.tend = [this] { return parts_.figures->tend(); };
        }
        if (parts_.sinks) followers.over = [this] { parts_.sinks->tick_ended(); };
        return followers;
    }

    void follow_files() {
        followed_files_.add([this] { parts_.credentials.read_again(); });
        followed_files_.add([this] { serving_.access.read_authorities_again(); });
        if (parts_.custom_metrics)
            followed_files_.add([this] { parts_.custom_metrics->read_authorities_again(); });
        followed_files_.add([this] { serving_.access.read_kubeconfigs_again(); });
        if (!serving_.server) return;
        serving_.certificate.emplace(parts_.flags, *serving_.server);
        followed_files_.add([this] { serving_.certificate->read_again(); });
    }

    net::Task<> watch_nodes() {
        co_await pods_first(*parts_.pods, kPodsFirst, kLookForPods);
        co_await parts_.nodes->run();
    }

    net::Task<> stop() {
        serving_.health.stop();
        if (serving_.graphs_port) serving_.graphs_port->stop(kLastMoments);
        if (serving_.server) co_await stop_serving();
        end_within(parts_.state ? kLastWriting : kLastMoments, ending_.failure().empty() ? 0 : 1);
        background_.cancel();
        co_await background_.wait();
        if (parts_.state && parts_.state->is_loaded()) co_await parts_.state->save(true);
        telemetry::info("Stopped");
        ending_.finish();
        if (!ending_.failure().empty()) throw std::runtime_error{ending_.failure()};
    }

    // With --shutdown-send-retry-after whoever comes while the last requests end is told to come again;
    // without, they find nobody listening.
    net::Task<> stop_serving() {
        using Farewell = apiserver::Termination::Farewell;
        const Flags& flags = parts_.flags;
        if (flags.shutdown_delay_duration.count() > 0)
            co_await net::sleep_until(net::Clock::now() + flags.shutdown_delay_duration);
        apiserver::Api& api = serving_.api;
        api.shut_down(flags.shutdown_send_retry_after ? Farewell::retry_after : Farewell::unavailable);
        if (flags.shutdown_send_retry_after) co_await api.in_flight().drained(net::Clock::now() + kGrace);
        serving_.server->stop(kGrace);
        co_await answering_.wait();
    }

    // In the order of use: each refers to those above it.
    Parts parts_;
    Serving serving_;
    std::optional<HistoryTicks> ticks_;
    FollowedFiles followed_files_;
    ResourceWatch resources_;
    Ending ending_;
    net::TaskGroup background_;
    net::TaskGroup answering_;
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
    daemon.listen();
    asio::co_spawn(loop, daemon.run(), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
    loop.run();
}

}  // namespace topd
