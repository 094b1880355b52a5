// SPDX-License-Identifier: Apache-2.0
// What the page's figures cost: page_bench [NODES [PODS [MINUTES]]], by default 1,000 nodes of 30 pods with
// an hour of history. The pods, their names and curves are topd-sim's.
#include "apiserver/page/ui.hpp"
#include "storage/history/history.hpp"
#include "storage/store.hpp"
#include "storage/watched/watched_objects.hpp"
#include "test/bench/counter.hpp"
#include "test/sim/cluster/model.hpp"
#include "test/sim/stored_page.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <unistd.h>

namespace {

using std::chrono::seconds;

// 2026-01-05T10:00:00Z
constexpr std::int64_t kStart = 1'767'607'200;
constexpr std::int64_t kTick = 15;

std::size_t resident_kib() {
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    unsigned long size = 0, resident = 0;
    if (file != nullptr && std::fscanf(file, "%lu %lu", &size, &resident) != 2) resident = 0;
    if (file != nullptr) std::fclose(file);
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

class Cluster {
  public:
    explicit Cluster(const sim::ModelOptions& options)
        : model_{options, std::chrono::nanoseconds{seconds{kStart}}.count()}, ui_{sources()} {
        for (const sim::Node& node : model_.nodes()) {
            store_.put_node(node.name, {}, {node.uid, 0});
            const std::array<storage::Quantity, 2> there{
                {{"cpu", 16'000}, {"memory", std::uint64_t{64} * 1024 * 1024 * 1024}}};
            objects_.put_node({node.name, there, there});
        }
        for (const auto& [key, pod] : model_.pods()) put(*pod);
    }

    void run(std::int64_t minutes) {
        for (std::int64_t end = now_ + 60 * minutes; now_ < end; now_ += kTick) {
            for (const sim::Node& node : model_.nodes()) show(node);
            while (history_.tend()) {
            }
            store_.sweep_tick(std::numeric_limits<std::size_t>::max());
            store_.end_tick(now_, monotonic());
            store_.expire(monotonic());
        }
        now_ -= kTick;
    }

    void ask(const char* title, const std::string& target, int rounds = 5) {
        double best = 1e18, longest = 0;
        std::size_t plain = 0, wire = 0;
        for (int round = 0; round < rounds; ++round) {
            double turn = 0;
            const double spent = answer(target, true, wire, turn);
            // Another program may have had the processor's cache in between: the best round counts.
            if (spent < best) longest = turn;
            best = std::min(best, spent);
        }
        double turn = 0;
        answer(target, false, plain, turn);
        std::printf("%-52s %7.1f ms of CPU, the longest turn %5.2f ms, %7zu bytes, %7zu on the wire\n", title,
                    best / 1e3, longest / 1e3, plain, wire);
    }

    void forget() {
        now_ += 3600;
        ui_.data().forget_unused();
        now_ -= 3600;
    }
    void change() {
        boost::asio::io_context loop{1};
        double turn = 0;
        const auto task = [this]() -> net::Task<> {
            co_await changes_.renew(sources(), *ui_.data().kept_snapshot());
        };
        boost::asio::co_spawn(loop, task, boost::asio::detached);
        const double spent = run(loop, turn);
        std::printf("%-52s %7.1f ms of CPU, the longest turn %5.2f ms\n", "what changed in the last hour",
                    spent / 1e3, turn / 1e3);
    }
    void tell() {
        const auto reach = history_.reach();
        std::printf("%zu nodes, %zu pods, %zu containers; %lld s of history in %.1f MiB; %zu KiB resident\n",
                    store_.node_count(), store_.pod_count(), store_.container_count(),
                    static_cast<long long>(reach.to - reach.recent_from),
                    static_cast<double>(reach.bytes) / 1024 / 1024, resident_kib());
        if (const auto snapshot = ui_.data().kept_snapshot())
            std::printf("the snapshot: %.1f MiB\n", static_cast<double>(snapshot->bytes()) / 1024 / 1024);
    }

  private:
    apiserver::PageSources sources() {
        apiserver::PageSources out{store_, history_, nullptr, &objects_};
        out.clock = [this] {
            return apiserver::Moments{std::chrono::system_clock::time_point{seconds{now_}}, monotonic()};
        };
        return out;
    }
    storage::Monotonic monotonic() const { return storage::Monotonic{seconds{now_ - kStart + 100'000}}; }

    void put(const sim::Pod& pod) {
        store_.put_pod(pod.name_space, pod.name, pod.labels, pod.uid);
        const std::array<storage::Quantity, 2> requests{{{"cpu", 100}, {"memory", 64 * 1024 * 1024}}};
        const std::array<storage::Quantity, 2> limits{{{"cpu", 500}, {"memory", 256 * 1024 * 1024}}};
        std::vector<storage::ContainerObject> containers;
        for (const sim::Container& each : pod.containers)
            containers.push_back({each.name, "registry.example/app:1", false, requests, limits});
        storage::PodObject object;
        object.name_space = pod.name_space;
        object.name = pod.name;
        object.uid = pod.uid;
        object.node = model_.nodes()[pod.node].name;
        object.workload_kind = "Deployment";
        object.workload_name = pod.workload->name;
        object.containers = containers;
        object.requests = requests;
        object.limits = limits;
        objects_.put_pod(object);
    }

    void show(const sim::Node& node) {
        sim::fill_page(node, std::chrono::nanoseconds{seconds{now_}}.count(), page_);
        store_.commit(node.name, page_, monotonic());
    }

    // Until there is nothing to do; the CPU it took, and its longest turn. Microseconds.
    static double run(boost::asio::io_context& loop, double& longest) {
        const double begin = bench::cpu_microseconds();
        double before = begin;
        while (loop.run_one() > 0) {
            const double after = bench::cpu_microseconds();
            longest = std::max(longest, after - before);
            before = after;
        }
        return bench::cpu_microseconds() - begin;
    }

    double answer(const std::string& target, bool compressed, std::size_t& bytes, double& longest) {
        net::Request request;
        request.target = target;
        if (compressed) request.headers.add("Accept-Encoding", "gzip");
        const auto parsed = apiserver::parse_target(target);
        boost::asio::io_context loop{1};
        const auto task = [&]() -> net::Task<> {
            const auto response = co_await ui_.respond(request, parsed->path, parsed->query);
            if (!response || response->status != 200) std::printf("%s: not answered\n", target.c_str());
            if (response) bytes = response->body.size();
        };
        boost::asio::co_spawn(loop, task, boost::asio::detached);
        return run(loop, longest);
    }

    std::int64_t now_ = kStart;
    storage::history::History history_{
        {seconds{kTick}, seconds{3600}, seconds{86400}, std::size_t{1024} * 1024 * 1024}};
    storage::Store store_{{}, &history_};
    storage::WatchedObjects objects_{0};
    sim::Model model_;
    apiserver::Ui ui_;
    apiserver::Changes changes_;
    storage::NodePage page_;
};

}  // namespace

int main(int argc, char** argv) {
    const auto number = [&](int at, unsigned long otherwise) {
        return argc > at ? std::strtoul(argv[at], nullptr, 10) : otherwise;
    };
    sim::ModelOptions options;
    options.nodes = static_cast<std::uint32_t>(number(1, 1000));
    options.pods_per_node = static_cast<std::uint32_t>(number(2, 30));
    Cluster cluster{options};
    cluster.run(static_cast<std::int64_t>(number(3, 60)));
    cluster.tell();
    for (int round = 0; round < 3; ++round) {
        cluster.forget();
        cluster.ask("the snapshot, and 1 row", "/ui/api/rows?kind=node&limit=1&curves=0", 1);
    }
    cluster.tell();
    cluster.ask("overview", "/ui/api/overview");
    cluster.ask("200 pods", "/ui/api/rows?kind=pod");
    cluster.ask("2,000 pods", "/ui/api/rows?kind=pod&limit=2000");
    cluster.ask("2,000 pods, no curves", "/ui/api/rows?kind=pod&limit=2000&curves=0");
    cluster.ask("2,000 pods by name", "/ui/api/rows?kind=pod&limit=2000&sort=name");
    cluster.ask("2,000 pods, the last of 30,000", "/ui/api/rows?kind=pod&limit=2000&offset=28000");
    cluster.ask("2,000 pods, 15 minutes", "/ui/api/rows?kind=pod&limit=2000&range=900");
    cluster.ask("2,000 pods, a day", "/ui/api/rows?kind=pod&limit=2000&range=86400");
    cluster.ask("200 pods, searched", "/ui/api/rows?kind=pod&search=web%201");
    cluster.ask("1,000 nodes", "/ui/api/rows?kind=node&limit=2000");
    cluster.ask("200 workloads", "/ui/api/rows?kind=workload");
    cluster.ask("2,000 containers", "/ui/api/rows?kind=container&limit=2000");
    cluster.ask("the cluster's series", "/ui/api/series?kind=cluster");
    cluster.change();
    return 0;
}
