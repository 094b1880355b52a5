// SPDX-License-Identifier: Apache-2.0
// What happens.
#include "test/storage/truth/random_history.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace storage::reference {
namespace {

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

}  // namespace

void History::step() {
    const Ms steps[] = {0, 0, 1000, 2000, 5000, 5000, 15'000, 19'999};
    now_ += chance(3) ? 45'000 : steps[pick(8)];
    if (now_ - last_tick_ >= kTick * 1000) end_tick(chance(50));
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
        store_.expire(at_ms(now_));
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
    Answer answer{!chance(15), now_};
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
    const CommitResult got = store_.commit(node, page, at_ms(now_));
    const Outcome expected = model_.commit(node, answer, own, lines);
    REQUIRE(Outcome{got.containers, got.foreign, got.over_limit, got.nameless} == expected);
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

// Some report zeros, mostly; others none, zeros and more.
Ms History::swap_of(const std::string& container) {
    if (container == "x") return chance(1) ? -1 : chance(2) ? pick(90'000) : 0;
    return chance(30) ? (chance(50) ? pick(90'000) : 0) : -1;
}

Line History::line_of(const std::string& node, const Name& pod, const std::string& container) {
    Process& process = processes_[{node, pod, container}];
    run(node, process);
    Line line{pod.first,   pod.second,        container,          process.at,
              process.cpu, 1000 + pick(1000), swap_of(container), process.started};
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

}  // namespace storage::reference
