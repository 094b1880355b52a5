// SPDX-License-Identifier: Apache-2.0
// Random histories, checked after each step against the reference model.
#include "storage/store.hpp"
#include "test/storage/reference_model.hpp"

#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;
using reference::Line;
using reference::Ms;
using reference::Name;
using reference::Used;

namespace {

constexpr Ms kEpoch = 1'000'000'000;

Monotonic at(Ms ms) {
    return Monotonic{std::chrono::milliseconds{ms}};
}

PageRow row_of(const Line& line) {
    const auto reading = [&](Ms value, std::uint64_t unit) -> std::optional<Reading> {
        if (value < 0) return std::nullopt;
        return Reading{static_cast<std::uint64_t>(value) * unit, line.at * 1'000'000};
    };
    PageRow row;
    row.name_space = line.name_space;
    row.pod = line.pod;
    row.container = line.container;
    row.cpu = reading(line.cpu, 1'000'000);
    row.memory = reading(line.memory, 1);
    row.swap = reading(line.swap, 1);
    row.started = line.started * 1'000'000;
    return row;
}

Used used_of(const Usage& usage) {
    return {usage.timestamp / 1'000'000, usage.window.count() / 1'000'000,
            static_cast<std::int64_t>(usage.cpu), static_cast<Ms>(usage.memory),
            usage.swap ? static_cast<Ms>(*usage.swap) : -1};
}

// A cluster in which all goes wrong now and then. Store and model live through the same.
class History {
  public:
    History(unsigned seed, reference::Options options)
        : random_{seed},
          model_{options},
          store_{StoreOptions{std::chrono::milliseconds{options.window_bound},
                              std::chrono::milliseconds{options.least_window}, options.bridge,
                              options.unknown_pods, std::chrono::milliseconds{options.unknown_age}}} {}

    void step();
    void check();
    std::size_t served() const { return served_; }

  private:
    // A container as one node's kubelet sees it.
    struct Process {
        Ms at = kEpoch;
        Ms cpu = 1;
        Ms started = kEpoch - 100'000;
    };

    bool chance(int percent) { return pick(100) < percent; }
    int pick(int bound) { return std::uniform_int_distribution<int>{0, bound - 1}(random_); }
    std::string any_node() { return kNodes[static_cast<std::size_t>(pick(3))]; }
    Name any_pod() {
        return {pick(2) == 0 ? "east" : "west", std::string(1, static_cast<char>('p' + pick(4)))};
    }

    void put_node(const std::string& node);
    void put_pod(const Name& pod);
    void settle(const Name& pod);
    void list_nodes();
    void list_pods();
    void commit();
    Line line_of(const std::string& node, const Name& pod, const std::string& container);
    Line node_line(const std::string& node);
    void run(const std::string& node, Process& process);
    void check_pod(const PodView& view);

    const std::vector<std::string> kNodes{"a", "b", "c"};
    std::mt19937 random_;
    reference::Model model_;
    Store store_;
    Ms now_ = 0;
    // What nodes' clocks are ahead of ours.
    std::map<std::string, Ms> ahead_;
    // UIDs are numbers: of the present node or pod of a name.
    std::map<std::string, int> node_uids_;
    std::map<Name, int> pod_uids_;
    std::map<std::tuple<std::string, Name, std::string>, Process> processes_;
    std::size_t served_ = 0;
};

void History::step() {
    const Ms steps[] = {0, 0, 1000, 2000, 5000, 5000, 15'000, 19'999};
    now_ += chance(3) ? 45'000 : steps[pick(8)];
    const int what = pick(100);
    const std::string node = any_node();
    const Name pod = any_pod();
    if (what < 6) {
        put_node(node);
    } else if (what < 8) {
        model_.remove_node(node);
        store_.remove_node(node);
    } else if (what < 18) {
        put_pod(pod);
    } else if (what < 20) {
        settle(pod);
    } else if (what < 22) {
        model_.remove_pod(pod);
        store_.remove_pod(pod.first, pod.second);
    } else if (what < 23) {
        list_nodes();
    } else if (what < 25) {
        list_pods();
    } else if (what < 30) {
        model_.expire(now_);
        store_.expire(at(now_));
    } else {
        commit();
    }
}

void History::put_node(const std::string& node) {
    int& uid = node_uids_[node];
    if (chance(10)) ++uid;
    const std::string told = chance(10) ? "" : "node-" + std::to_string(uid);
    const std::int64_t cores = chance(20) ? 0 : 1;
    model_.put_node(node, told, cores * 2'000'000'000);
    store_.put_node(node, {{"name", node}}, {told, static_cast<std::uint64_t>(cores) * 1'000'000'000});
}

void History::put_pod(const Name& pod) {
    int& uid = pod_uids_[pod];
    if (chance(5)) ++uid;
    const std::string told = chance(10) ? "" : "pod-" + std::to_string(uid);
    model_.put_pod(pod, told);
    store_.put_pod(pod.first, pod.second, {{"name", pod.second}}, told);
}

void History::settle(const Name& pod) {
    const std::string uid = "pod-" + std::to_string(pod_uids_[pod] - (chance(20) ? 1 : 0));
    const std::string node = any_node();
    model_.settle(pod, uid, node);
    store_.settle({pod.first, pod.second}, uid, node);
}

void History::list_nodes() {
    store_.begin_nodes();
    for (const std::string& node : kNodes) {
        if (chance(80)) {
            put_node(node);
        } else {
            model_.remove_node(node);
        }
    }
    store_.end_nodes();
}

void History::list_pods() {
    const std::set<Name> before = model_.pods();
    std::set<Name> listed;
    store_.begin_pods();
    for (int i = 0; i < 12; ++i) {
        const Name pod = any_pod();
        listed.insert(pod);
        put_pod(pod);
    }
    store_.end_pods();
    for (const Name& pod : before) {
        if (listed.count(pod) == 0) model_.remove_pod(pod);
    }
}

void History::commit() {
    const std::string node = any_node();
    const Ms settings[] = {-3'600'000, -9000, -2000, 2000, 9000, 3'600'000};
    if (chance(4)) ahead_[node] += settings[pick(6)];
    std::vector<Line> lines;
    for (const char* container : {"x", "y"}) {
        for (const char* name_space : {"east", "west"}) {
            for (const char* name : {"p", "q", "r", "s"}) {
                // Each pod lives on one node, mostly.
                const bool home = (name[0] + name_space[0]) % 3 == node[0] - 'a';
                if (!chance(home ? 85 : 7)) continue;
                lines.push_back(line_of(node, {name_space, name}, container));
                if (chance(2)) lines.push_back(line_of(node, {name_space, name}, container));
            }
        }
    }
    if (chance(5)) lines.push_back(Line{"", "p", "x", kEpoch, 1, 1, 1, 1});
    if (chance(10)) std::shuffle(lines.begin(), lines.end(), random_);
    reference::Answer answer{!chance(15), now_};
    answer.took = chance(10) ? 4000 : 20;
    if (!chance(20))
        answer.date = (kEpoch + now_ + ahead_[node] - pick(static_cast<int>(answer.took))) / 1000 * 1000;
    const Line own = node_line(node);

    NodePage page;
    for (const Line& line : lines) page.containers.push_back(row_of(line));
    page.node = row_of(own);
    page.complete = answer.complete;
    page.kubelet_time = answer.date * 1'000'000;
    page.request_time = std::chrono::milliseconds{answer.took};
    const CommitResult got = store_.commit(node, page, at(now_));
    const reference::Outcome expected = model_.commit(node, answer, own, lines);
    REQUIRE(reference::Outcome{got.containers, got.foreign, got.over_limit, got.nameless} == expected);
}

void History::run(const std::string& node, Process& process) {
    const Ms present = kEpoch + now_ + ahead_[node] - 500 * pick(24);
    const Ms gap = present - process.at;
    // One sample in five is shown again; what was sampled before the last one is not shown.
    const bool moves = !chance(20) && (gap > 0 || gap < -15'000);
    if (moves) process.at = present;
    if (moves) process.cpu += std::clamp<Ms>(gap, 0, 60'000) * (chance(5) ? 3 : pick(3)) / 2;
    if (chance(6)) {
        process.started = process.at + (chance(10) ? 500 : 0);
        process.cpu = 1 + pick(50);
        process.at += pick(12) * 500;
    }
    // The counter falls without a new start, the clock goes back, the start does.
    if (chance(3)) process.cpu = 1 + process.cpu / 2;
    if (chance(3)) process.started -= 1000 * pick(30);
}

Line History::line_of(const std::string& node, const Name& pod, const std::string& container) {
    Process& process = processes_[{node, pod, container}];
    run(node, process);
    Line line{pod.first,
              pod.second,
              container,
              process.at,
              process.cpu,
              1000 + pick(1000),
              chance(30) ? pick(9) : -1,
              process.started};
    if (chance(4)) line.cpu = -pick(2);
    if (chance(4)) line.memory = -pick(2);
    if (chance(2)) line.cpu = line.memory = -1;
    if (chance(5)) line.started = 0;
    return line;
}

Line History::node_line(const std::string& node) {
    Process& process = processes_[{node, {}, {}}];
    run(node, process);
    Line line{"", "", "", process.at, process.cpu, 1000 + pick(1000), -1, process.started};
    if (chance(10)) line.cpu = line.memory = -pick(2);
    return line;
}

void History::check() {
    std::set<std::string> nodes;
    bool node_usage = false;
    store_.walk_nodes({}, at(now_), [&](const NodeView& view) {
        nodes.emplace(view.name);
        const auto expected = model_.node(std::string{view.name}, now_);
        REQUIRE(view.usage.has_value() == expected.has_value());
        if (expected) REQUIRE(used_of(*view.usage) == *expected);
        REQUIRE(store_.labels(view.labels) == Labels{{"name", std::string{view.name}}});
        node_usage |= view.usage.has_value();
        return true;
    });
    REQUIRE(nodes == model_.nodes());
    REQUIRE((!node_usage || store_.has_node_usage()));

    // In runs of two, resumed by key.
    std::vector<Name> pods;
    std::size_t rated = 0;
    for (std::size_t before = 1; before != 0;) {
        before = 0;
        const Name after = pods.empty() ? Name{} : pods.back();
        store_.walk_pods({}, {after.first, after.second}, at(now_), [&](const PodView& view) {
            pods.emplace_back(view.name_space, view.name);
            rated += view.containers.size();
            check_pod(view);
            return ++before < 2;
        });
    }
    const std::set<Name> expected = model_.pods();
    REQUIRE(pods == std::vector<Name>(expected.begin(), expected.end()));
    REQUIRE(store_.pod_count() == pods.size());
    REQUIRE(store_.container_count() >= rated);
    REQUIRE((rated == 0 || store_.has_pod_usage()));
    served_ += rated;
}

void History::check_pod(const PodView& view) {
    const Name name{view.name_space, view.name};
    std::map<std::string, Used> got;
    Ms earliest = 0;
    for (const ContainerView& container : view.containers) {
        got[std::string{container.name}] = used_of(container.usage);
        if (earliest == 0 || container.usage.timestamp < earliest) earliest = container.usage.timestamp;
    }
    CAPTURE(name);
    REQUIRE(got == model_.pod(name, now_));
    REQUIRE(view.timestamp == earliest);
    REQUIRE(store_.labels(view.labels) == Labels{{"name", name.second}});
}

std::size_t live_through(unsigned seed, reference::Options options, int steps) {
    History history{seed, options};
    for (int step = 0; step < steps; ++step) {
        CAPTURE(seed, step);
        history.step();
        history.check();
    }
    return history.served();
}

}  // namespace

TEST_CASE("random histories agree with the reference model") {
    std::size_t served = 0;
    for (unsigned seed = 1; seed <= 30; ++seed) served += live_through(seed, {}, 150);
    // Enough of it is about usage.
    CHECK(served > 4'500);
}

TEST_CASE("random histories without bridging agree with the reference model") {
    reference::Options options;
    options.bridge = false;
    std::size_t served = 0;
    for (unsigned seed = 101; seed <= 110; ++seed) served += live_through(seed, options, 150);
    CHECK(served > 500);
}
