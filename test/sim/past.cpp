// SPDX-License-Identifier: Apache-2.0
// topd-sim-past: writes a state file that holds the past of topd-sim's cluster, as topd would have that had
// watched it, so that nobody has to wait for hours. Pods, UIDs, curves and ages are those of a topd-sim with
// the same options, --made among them: there all goes on, with no container that seems to have started again.
#include "storage/history/history.hpp"
#include "storage/store.hpp"
#include "test/sim/cluster/model.hpp"
#include "test/sim/stored_page.hpp"
#include "topd/state/state_file.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <time.h>

namespace {

using std::chrono::seconds;
using World = std::chrono::system_clock;

// Kubelets go on with samples that may be so old. Were those of the past newer, their clocks would seem to
// have been set.
constexpr seconds kOldestShown{20};

struct Options {
    std::string path;
    sim::ModelOptions model;
    seconds span{3600};
    storage::history::HistoryOptions history;
};

// Of the process.
std::int64_t cpu_nanos() {
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return spent.tv_sec * 1'000'000'000 + spent.tv_nsec;
}

class Past {
  public:
    explicit Past(const Options& options)
        : options_{options},
          history_{options.history},
          store_{{}, &history_},
          model_{options.model, std::chrono::nanoseconds{begun_.time_since_epoch()}.count()} {
        for (const sim::Node& node : model_.nodes()) store_.put_node(node.name, {}, {node.uid, 0});
        for (const auto& [key, pod] : model_.pods())
            store_.put_pod(pod->name_space, pod->name, pod->labels, pod->uid);
    }

    void run() {
        const seconds length = options_.history.resolution;
        const seconds last =
            std::chrono::floor<seconds>(begun_.time_since_epoch() - kOldestShown) / length * length;
        for (seconds at = last - options_.span; at <= last; at += length) {
            for (const sim::Node& node : model_.nodes()) show(node, at);
            while (history_.tend()) {
            }
            store_.sweep_tick(SIZE_MAX);
            store_.end_tick(at.count(), monotonic(at));
            store_.expire(monotonic(at));
        }
    }

    void save() {
        boost::asio::io_context loop{1};
        topd::StateFileOptions file;
        file.path = options_.path;
        file.most_bytes = SIZE_MAX;
        topd::StateFile state{file, store_, &history_, nullptr};
        boost::asio::co_spawn(loop, write(state), [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        });
        const auto begin = storage::Monotonic::clock::now();
        const std::int64_t spent = cpu_nanos();
        loop.run();
        const std::chrono::duration<double> took = storage::Monotonic::clock::now() - begin;
        std::printf("; written in %.2f s, %.2f s of CPU\n", took.count(),
                    static_cast<double>(cpu_nanos() - spent) / 1e9);
        if (state.saved().failures != 0) std::exit(1);
    }

    void tell() const {
        const storage::history::Reach reach = history_.reach();
        std::printf("%zu containers, %zu series, %lld s, %.1f MiB%s", store_.container_count(), reach.series,
                    static_cast<long long>(reach.to - reach.recent_from),
                    static_cast<double>(reach.bytes) / 1024 / 1024, reach.cut ? ", cut" : "");
    }

  private:
    static net::Task<> write(topd::StateFile& state) { co_await state.save(); }

    // That moment by the clock that does not jump.
    storage::Monotonic monotonic(seconds at) const {
        return steady_begun_ - (begun_.time_since_epoch() - at);
    }

    void show(const sim::Node& node, seconds at) {
        sim::fill_page(node, std::chrono::nanoseconds{at}.count(), page_);
        store_.commit(node.name, page_, monotonic(at));
    }

    const Options& options_;
    World::time_point begun_ = World::now();
    storage::Monotonic steady_begun_ = storage::Monotonic::clock::now();
    storage::history::History history_;
    storage::Store store_;
    sim::Model model_;
    storage::NodePage page_;
};

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Writes the past of a simulated cluster to a state file of topd."};
    Options options;
    std::int64_t made = 0;
    long minutes = 60, resolution = 15;
    std::size_t mebibytes = 1024;
    app.add_option("--nodes", options.model.nodes, "As topd-sim's")->check(CLI::Range(1, 20'000));
    app.add_option("--pods", options.model.pods_per_node, "As topd-sim's")->check(CLI::Range(1, 250));
    app.add_option("--containers", options.model.containers, "As topd-sim's")->check(CLI::Range(0.0, 20.0));
    app.add_option("--seed", options.model.seed, "As topd-sim's");
    app.add_option("--made", made,
                   "As topd-sim's: the past ends now, whenever that was (Unix seconds; 0: now)");
    app.add_option("--minutes", minutes, "How much of the past")->check(CLI::Range(1, 7 * 24 * 60));
    app.add_option("--resolution", resolution, "Seconds between samples: topd's --metric-resolution")
        ->check(CLI::Range(1, 600));
    app.add_option("--memory", mebibytes, "MiB that the history may take here");
    app.add_option("path", options.path, "The file")->required();
    CLI11_PARSE(app, argc, argv);
    options.model.made = made * sim::kSecond;
    options.span = std::chrono::minutes{minutes};
    options.history.resolution = seconds{resolution};
    options.history.memory = mebibytes * 1024 * 1024;
    Past past{options};
    past.run();
    past.tell();
    past.save();
}
