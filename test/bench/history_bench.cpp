// SPDX-License-Identifier: Apache-2.0
// What history costs: history_bench [NODES [PODS_PER_NODE [MINUTES [MEMORY_MIB [RESTARTS_PER_MILLE]]]]], by
// default 1,000 x 30 for an hour in 512 MiB with no pod replaced. Load as topd-sim's: sines around bases of
// all sizes. Time is simulated; a day of it takes minutes.
#include "query/evaluation.hpp"
#include "query/language/parser.hpp"
#include "series/source.hpp"
#include "storage/history/history.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <time.h>

using namespace storage;

namespace {

constexpr Nanos kSecond = 1'000'000'000;
constexpr std::int64_t kTick = 15;
constexpr std::int64_t kWorld = 1'800'000'000;

struct Wave {
    double base = 0, swing = 0, period = 60, phase = 0;

    double value(double t) const {
        return base * (1 + swing * std::sin(2 * std::numbers::pi * t / period + phase));
    }
    double integral(double t) const {
        const double turn = 2 * std::numbers::pi / period;
        return base * (t + swing / turn * (std::cos(phase) - std::cos(turn * t + phase)));
    }
};

struct Container {
    std::string pod;
    const char* name;
    Wave cpu, memory;
    std::int64_t started = 0;
};

struct Node {
    std::string name;
    std::vector<Container> containers;
};

struct Options {
    std::size_t nodes = 1000, pods = 30, minutes = 60, memory_mib = 512, replaced = 0;
};

std::int64_t cpu_nanos() {
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return spent.tv_sec * kSecond + spent.tv_nsec;
}

class Cluster {
  public:
    Cluster(const Options& options, history::History* history)
        : options_{options}, history_{history}, store_{{}, history} {
        for (std::size_t n = 0; n < options.nodes; ++n) {
            Node& node = nodes_.emplace_back();
            node.name = "node-" + std::to_string(n) + ".internal";
            store_.put_node(node.name, {{"kubernetes.io/hostname", node.name}});
            for (std::size_t p = 0; p < options.pods; ++p) add_pod(node, 0);
        }
    }

    void run() {
        for (std::int64_t at = kTick; at <= static_cast<std::int64_t>(options_.minutes) * 60; at += kTick) {
            for (Node& node : nodes_) scrape(node, at);
            // The sweep and the care between two ends.
            const std::int64_t before = cpu_nanos();
            if (history_ != nullptr) {
                while (history_->tend()) {
                }
                store_.sweep_tick(SIZE_MAX);
                store_.end_tick(kWorld + at, monotonic(at));
            }
            care_ += cpu_nanos() - before;
            store_.expire(monotonic(at));
        }
        if (history_ != nullptr) store_.sweep_tick(SIZE_MAX);
    }

    double commit_micros() const { return micros(commits_); }
    double care_micros() const { return micros(care_); }
    std::size_t containers() const { return store_.container_count(); }
    const Node& node(std::size_t at) const { return nodes_[at]; }
    const Store& store() const { return store_; }

  private:
    static Monotonic monotonic(std::int64_t at) { return Monotonic{std::chrono::seconds{at}}; }
    double micros(std::int64_t nanos) const {
        return static_cast<double>(nanos) / 1e3 / static_cast<double>(pages_);
    }
    double between(double low, double high) { return std::uniform_real_distribution{low, high}(random_); }
    double spread(double low, double high) { return std::exp(between(std::log(low), std::log(high))); }

    void add_pod(Node& node, std::int64_t now) {
        const std::size_t number = serial_++;
        const std::string pod = "frontend-7d9c6b5f4-" + std::to_string(100'000 + number);
        store_.put_pod("team-" + std::to_string(number % 150), pod, {{"app", "frontend"}});
        for (const char* name : {"main", "sidecar"}) {
            if (name[0] == 's' && number % 6 != 0) continue;
            node.containers.push_back(
                {pod,
                 name,
                 {spread(0.001, 0.5), between(0.05, 0.5), between(60, 900), between(0, 6)},
                 {spread(10e6, 1e9), between(0.02, 0.2), between(60, 900), between(0, 6)},
                 now});
        }
    }

    void replace_some(Node& node, std::int64_t now) {
        if (options_.replaced == 0 || random_() % 1000 >= options_.replaced) return;
        const std::string gone = node.containers.front().pod;
        const std::size_t number = std::stoul(gone.substr(gone.rfind('-') + 1)) - 100'000;
        store_.remove_pod("team-" + std::to_string(number % 150), gone);
        std::erase_if(node.containers, [&](const Container& container) { return container.pod == gone; });
        add_pod(node, now);
    }

    void scrape(Node& node, std::int64_t at) {
        replace_some(node, at);
        page_.clear();
        const Nanos when = (kWorld + at) * kSecond;
        const auto counted = [](double seconds) { return static_cast<std::uint64_t>(seconds * 1e9) + 1; };
        double all = 1;
        for (const Container& container : node.containers) {
            const auto age = static_cast<double>(at - container.started);
            if (age <= 0) continue;
            PageRow row;
            const std::size_t number =
                std::stoul(container.pod.substr(container.pod.rfind('-') + 1)) - 100'000;
            row.name_space = page_.keep("team-" + std::to_string(number % 150));
            row.pod = container.pod;
            row.container = container.name;
            row.cpu = Reading{counted(container.cpu.integral(age)), when};
            row.memory = Reading{static_cast<std::uint64_t>(container.memory.value(age)), when};
            row.started = (kWorld + container.started) * kSecond;
            all += container.cpu.integral(static_cast<double>(at));
            page_.containers.push_back(row);
        }
        page_.node.cpu = Reading{counted(all), when};
        page_.node.memory =
            Reading{static_cast<std::uint64_t>(8e9 + 1e8 * std::sin(static_cast<double>(at) / 300)), when};
        const std::int64_t before = cpu_nanos();
        store_.commit(node.name, page_, monotonic(at));
        commits_ += cpu_nanos() - before;
        ++pages_;
    }

    Options options_;
    history::History* history_;
    Store store_;
    std::vector<Node> nodes_;
    NodePage page_;
    std::mt19937_64 random_{7};
    std::size_t serial_ = 0;
    std::int64_t commits_ = 0;
    std::int64_t care_ = 0;
    std::size_t pages_ = 0;
};

double mebibytes(std::size_t bytes) {
    return static_cast<double>(bytes) / 1024 / 1024;
}

void tell(const history::History& kept, const Cluster& cluster) {
    const history::Reach reach = kept.reach();
    std::size_t recent = 0, longer = 0;
    std::vector<history::RecentPoint> points;
    std::vector<history::LongPoint> long_points;
    const std::int64_t before = cpu_nanos();
    std::size_t pods = 0;
    kept.walk_pods({}, {}, {}, [&](const history::KnownPod& pod) {
        for (const std::string_view container : pod.containers) {
            kept.read(history::OfContainer{pod.name_space, pod.name, container}, {}, points);
            recent += points.size();
        }
        return ++pods > 0;
    });
    const std::int64_t spent = cpu_nanos() - before;
    kept.walk_pods({}, {}, {}, [&](const history::KnownPod& pod) {
        for (const std::string_view container : pod.containers) {
            kept.read(history::OfContainer{pod.name_space, pod.name, container}, {}, long_points);
            longer += long_points.size();
        }
        return true;
    });
    std::printf("history: %zu containers now, %zu series, %zu recent points, %zu long points\n",
                cluster.containers(), reach.series, recent, longer);
    std::printf("history: %.1f MiB in all, %.1f of them blocks; a recent point with all of it %.2f bytes\n",
                mebibytes(reach.bytes), mebibytes(reach.block_bytes),
                static_cast<double>(reach.bytes) / static_cast<double>(recent));
    std::printf("history: reaches back %lld s and %lld s%s; refused %llu points, %llu series\n",
                static_cast<long long>(reach.to - reach.recent_from),
                static_cast<long long>(reach.long_from == 0 ? 0 : reach.to - reach.long_from),
                reach.cut ? " (cut)" : "", static_cast<unsigned long long>(reach.refused_points),
                static_cast<unsigned long long>(reach.refused_series));
    std::printf("history: reading a container's recent tier %.1f us\n",
                static_cast<double>(spent) / 1e3 / static_cast<double>(reach.series));
}

// What a query takes over the last hour, a point each minute, in the turns that topd gives it.
void ask(const series::Source& source, const history::History& history, const std::string& text) {
    const query::Millis end = history.reach().to * 1000;
    auto expression = query::parse(text);
    if (!expression) return void(std::printf("%s: %s\n", text.c_str(), expression.error().text.c_str()));
    const std::int64_t begin = cpu_nanos();
    auto made = query::Evaluation::make(std::move(*expression), source,
                                        query::RangeQuery{end - 3'600'000, end, 60'000}, {});
    if (!made) return void(std::printf("%s: %s\n", text.c_str(), made.error().text.c_str()));
    query::Evaluation& evaluation = **made;
    using Progress = query::Evaluation::Progress;
    std::int64_t longest = 0;
    for (auto progress = Progress::more; progress == Progress::more;) {
        const std::int64_t before = cpu_nanos();
        progress = evaluation.step(30'000, query::Clock::now());
        longest = std::max(longest, cpu_nanos() - before);
        if (progress == Progress::failed)
            return void(std::printf("%s: %s\n", text.c_str(), evaluation.error().text.c_str()));
    }
    std::printf("query: %.2f ms of CPU, longest turn %.2f ms, %zu series, %.1f MiB held: %s\n",
                static_cast<double>(cpu_nanos() - begin) / 1e6, static_cast<double>(longest) / 1e6,
                evaluation.answer().rows.size(), mebibytes(evaluation.usage().most_held), text.c_str());
}

void ask_as_tools_do(const history::History& history, const Cluster& cluster) {
    const series::Source source{history, cluster.store(), {}};
    const std::string pod = cluster.node(0).containers.front().pod;
    const std::string space =
        "team-" + std::to_string((std::stoul(pod.substr(pod.rfind('-') + 1)) - 100'000) % 150);
    const std::string of = "namespace='" + space + "',pod='" + pod + "'";
    ask(source, history,
        "sum(rate(container_cpu_usage_seconds_total{container!=''," + of + "}[1m])) by (pod,namespace)");
    ask(source, history,
        "sum(container_memory_working_set_bytes{container!=''," + of + "}) by (pod, namespace)");
    ask(source, history,
        "sum(rate(container_network_receive_bytes_total{" + of + "}[1m])) by (pod,namespace)");
    ask(source, history, "sum(rate(container_fs_reads_bytes_total{" + of + "}[1m])) by (pod,namespace)");
    ask(source, history, "sum(rate(container_cpu_usage_seconds_total{node='node-0.internal'}[5m]))");
    ask(source, history, "sum(rate(container_cpu_usage_seconds_total[5m])) by (namespace)");
    ask(source, history, "topk(10, sum(rate(container_cpu_usage_seconds_total[5m])) by (pod, namespace))");
    ask(source, history, "sum(pod_memory_working_set_bytes) by (namespace)");
    ask(source, history, "up");
}

std::size_t number(int argc, char** argv, int at, std::size_t otherwise) {
    return argc > at ? std::strtoul(argv[at], nullptr, 10) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
    const Options defaults;
    const Options options{number(argc, argv, 1, defaults.nodes), number(argc, argv, 2, defaults.pods),
                          number(argc, argv, 3, defaults.minutes), number(argc, argv, 4, defaults.memory_mib),
                          number(argc, argv, 5, defaults.replaced)};
    {
        Options shorter = options;
        shorter.minutes = std::min<std::size_t>(options.minutes, 10);
        Cluster without{shorter, nullptr};
        without.run();
        std::printf("without history: commit %.2f us a page\n", without.commit_micros());
    }
    history::HistoryOptions kept;
    kept.memory = options.memory_mib * 1024 * 1024;
    history::History history{kept};
    Cluster cluster{options, &history};
    cluster.run();
    std::printf("with history: commit %.2f us a page, between the ends %.2f\n", cluster.commit_micros(),
                cluster.care_micros());
    tell(history, cluster);
    ask_as_tools_do(history, cluster);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("most memory of the process: %.1f MiB\n", static_cast<double>(usage.ru_maxrss) / 1024);
}
