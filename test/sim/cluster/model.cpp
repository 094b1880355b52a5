// SPDX-License-Identifier: Apache-2.0
#include "test/sim/cluster/model.hpp"

#include "test/sim/cluster/names.hpp"
#include "test/sim/cluster/seed.hpp"
#include "test/sim/cluster/workloads.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace sim {
namespace {

constexpr std::int64_t kPage = 4096;
constexpr std::int64_t kGiB = 1024LL * 1024 * 1024;
constexpr std::int64_t kPauseBytes = 57 * kPage;
// A container keeps so many lives for questions about the past.
constexpr std::size_t kLivesKept = 8;
// A node keeps departed pods for so long: a sample that is shown may be that old.
constexpr Nanos kKept = 120 * kSecond;

double seconds(Nanos span) {
    return static_cast<double>(span) / static_cast<double>(kSecond);
}

Node make_node(std::uint32_t index, std::uint64_t seed, Nanos now) {
    Node node;
    node.index = index;
    char name[16];
    std::snprintf(name, sizeof name, "node-%04u", index + 1);
    node.name = name;
    node.ip = node_ip(index);
    const std::uint64_t key = mix(mix(seed, node.name), 17);
    node.uid = make_uid(key);
    node.zone = std::string{"zone-"} + static_cast<char>('a' + index % 3);
    node.booted = now - kSecond * static_cast<Nanos>(between(3, 30, mix(key, 1)) * 86400);
    node.memory_capacity_bytes = 64 * kGiB;
    node.system.start = node.booted;
    node.system.cpu = {between(0.1, 0.4, mix(key, 2)), 0.3, between(100, 400, mix(key, 3)), 0};
    node.system.memory = {between(1.0, 2.0, mix(key, 4)) * kGiB, 0.05, between(200, 900, mix(key, 5)), 0};
    return node;
}

void make_application(Pod& pod, std::uint32_t index, std::uint16_t port) {
    pod.ip = application_ip(index);
    pod.annotations = {{"prometheus.io/port", std::to_string(port)}, {"prometheus.io/scrape", "true"}};
}

}  // namespace

std::uint64_t Life::cpu_nanos(Nanos at) const {
    const Nanos until = std::min(at, end);
    if (until <= start) return 0;
    return static_cast<std::uint64_t>(std::llround(cpu.integral(seconds(until - start)) * 1e9));
}

std::int64_t Life::memory_bytes(Nanos at) const {
    return static_cast<std::int64_t>(memory.value(seconds(at - start))) / kPage * kPage;
}

const Life* Container::life_at(Nanos at) const {
    for (auto life = lives.rbegin(); life != lives.rend(); ++life)
        if (life->alive(at)) return &*life;
    return nullptr;
}

std::uint64_t Container::cpu_nanos(Nanos at) const {
    std::uint64_t sum = forgotten_cpu_nanos;
    for (const Life& life : lives) sum += life.cpu_nanos(at);
    return sum;
}

std::uint64_t Pod::cpu_nanos(Nanos at) const {
    if (at < started) return 0;
    std::uint64_t sum = overhead_nanos;
    for (const Container& container : containers) sum += container.cpu_nanos(at);
    return sum;
}

std::int64_t Pod::memory_bytes(Nanos at) const {
    if (at < started) return 0;
    std::int64_t sum = kPauseBytes;
    for (const Container& container : containers)
        if (const Life* life = container.life_at(at)) sum += life->memory_bytes(at);
    return sum;
}

std::uint64_t Node::cpu_nanos(Nanos at) const {
    std::uint64_t sum = departed_cpu_nanos + system.cpu_nanos(at);
    for (const auto& pod : pods) sum += pod->cpu_nanos(std::min(at, pod->removed));
    return sum;
}

std::int64_t Node::memory_bytes(Nanos at) const {
    std::int64_t sum = system.memory_bytes(at);
    for (const auto& pod : pods)
        if (at < pod->removed) sum += pod->memory_bytes(at);
    return sum;
}

Model::Model(const ModelOptions& options, Nanos now) : seed_{options.seed} {
    const Nanos made = options.made ? options.made : now;
    for (std::uint32_t i = 0; i < options.nodes; ++i) nodes_.push_back(make_node(i, seed_, made));
    std::uint32_t next_node = 0, applications = 0;
    for (const PlannedWorkload& planned : plan_workloads(options)) {
        const Workload& workload = *planned.workload;
        for (std::uint32_t i = 0; i < planned.replicas; ++i) {
            std::uint32_t on = i;
            if (workload.kind != Workload::Kind::daemon_set) on = next_node++ % options.nodes;
            // Up to two days old, and not older than their node.
            const double age = between(300, 2 * 86400, mix(mix(workload.key, i), 19));
            const Nanos started = made - static_cast<Nanos>(age * 1e9);
            // Among the thousands of a large DaemonSet two may come to the same name.
            std::string name = new_pod_name(workload, i);
            for (std::uint64_t serial = i; pods_.contains({workload.name_space, name});)
                name = new_pod_name(workload, serial += planned.replicas);
            Pod& pod = place(planned.workload, std::move(name), on, started - 2 * kSecond, started);
            if (workload.kind != Workload::Kind::daemon_set && applications < options.applications)
                make_application(pod, applications++, options.applications_port);
        }
    }
}

Pod& Model::place(const std::shared_ptr<const Workload>& workload, std::string name, std::uint32_t node,
                  Nanos created, Nanos started) {
    auto pod = make_pod(workload, std::move(name), ++serial_, node, created, started);
    pods_[{pod->name_space, pod->name}] = pod;
    nodes_[node].pods.push_back(pod);
    ++nodes_[node].generation;
    return *pod;
}

Node* Model::find_node(std::string_view name) {
    const auto it = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& n) { return n.name == name; });
    return it == nodes_.end() ? nullptr : &*it;
}

const Node* Model::node(std::string_view name) const {
    return const_cast<Model*>(this)->find_node(name);
}

const Pod* Model::pod(const PodKey& key) const {
    const auto it = pods_.find(key);
    return it == pods_.end() ? nullptr : it->second.get();
}

bool Model::remove(const PodKey& key, Nanos now) {
    const auto it = pods_.find(key);
    if (it == pods_.end()) return false;
    const std::shared_ptr<Pod> pod = it->second;
    pods_.erase(it);
    pod->removed = now;
    ++nodes_[pod->node].generation;
    if (observer_) observer_->pod_deleted(*pod);
    return true;
}

Model::PodKey Model::replace(const Pod& like, std::uint32_t node, Nanos now, Nanos starts) {
    // A copy: the pod itself may go when its name is taken over.
    const std::shared_ptr<const Workload> workload = like.workload;
    std::string name = like.name;
    if (workload->kind == Workload::Kind::deployment)
        name = new_pod_name(*workload, mix(seed_, serial_ + 1'000'000));
    const PodKey key{workload->name_space, name};
    remove(key, now);
    place(workload, std::move(name), node, now, starts);
    const std::shared_ptr<Pod>& pod = pods_.at(key);
    if (starts > now) {
        pod->phase = Pod::Phase::pending;
        pending_.push_back(pod);
    }
    if (observer_) observer_->pod_changed(*pod);
    return key;
}

bool Model::move(const PodKey& key, std::string_view to, Nanos now, Nanos overlap) {
    const auto it = pods_.find(key);
    const Node* target = node(to);
    if (it == pods_.end() || !target) return false;
    const std::shared_ptr<Pod> old = it->second;
    remove(key, now);
    old->removed = now + overlap;
    place(old->workload, old->name, target->index, now, now);
    if (observer_) observer_->pod_changed(*pods_.at(key));
    return true;
}

bool Model::restart(const PodKey& key, std::string_view name, Nanos now, Nanos away) {
    const auto it = pods_.find(key);
    if (it == pods_.end()) return false;
    auto& containers = it->second->containers;
    const auto container = name.empty() ? containers.begin()
                                        : std::find_if(containers.begin(), containers.end(),
                                                       [&](const Container& c) { return c.name == name; });
    if (container == containers.end() || !container->lives.back().alive(now)) return false;
    container->lives.back().end = now;
    ++container->restarts;
    container->lives.push_back(make_life(container->key, container->restarts, now + away));
    if (container->lives.size() > kLivesKept) {
        container->forgotten_cpu_nanos += container->lives.front().cpu_nanos(kNever);
        container->lives.erase(container->lives.begin());
    }
    if (observer_) observer_->pod_changed(*it->second);
    return true;
}

bool Model::set_ready(std::string_view name, bool ready) {
    Node* node = find_node(name);
    if (!node) return false;
    node->ready = ready;
    if (observer_) observer_->node_changed(*node);
    return true;
}

bool Model::set_metrics_path(std::string_view name, std::string path) {
    Node* node = find_node(name);
    if (!node) return false;
    node->metrics_path = std::move(path);
    if (observer_) observer_->node_changed(*node);
    return true;
}

void Model::advance(Nanos now) {
    for (std::size_t i = 0; i < pending_.size();) {
        const std::shared_ptr<Pod> pod = pending_[i];
        const bool gone = pod->removed != kNever;
        if (!gone && pod->started > now) {
            ++i;
            continue;
        }
        pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
        if (gone) continue;
        pod->phase = Pod::Phase::running;
        if (observer_) observer_->pod_changed(*pod);
    }
    if (now < next_prune_) return;
    next_prune_ = now + kKept / 4;
    for (Node& node : nodes_) prune(node, now);
}

void Model::prune(Node& node, Nanos now) {
    const auto old = [&](const std::shared_ptr<Pod>& pod) { return pod->removed < now - kKept; };
    if (std::none_of(node.pods.begin(), node.pods.end(), old)) return;
    for (const auto& pod : node.pods)
        if (old(pod)) node.departed_cpu_nanos += pod->cpu_nanos(pod->removed);
    std::erase_if(node.pods, old);
    ++node.generation;
}

}  // namespace sim
