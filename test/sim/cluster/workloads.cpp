// SPDX-License-Identifier: Apache-2.0
#include "test/sim/cluster/workloads.hpp"

#include "test/sim/cluster/names.hpp"
#include "test/sim/cluster/seed.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace sim {
namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::uint32_t kReplicas = 12;
constexpr std::uint32_t kPodsPerNamespace = 200;

constexpr std::array<std::string_view, 16> kApps{
    "web",      "checkout",       "cart", "catalog",       "payments-api", "search",  "frontend", "orders",
    "shipping", "recommendation", "auth", "notifications", "inventory",    "gateway", "reports",  "worker"};
constexpr std::array<std::string_view, 4> kStatefulApps{"redis", "postgres", "kafka", "rabbitmq"};
constexpr std::array<std::string_view, 5> kNamespaces{"default", "shop", "payments", "monitoring", "data"};

// The n-th name of a list that goes on with numbers: web, cart, web-2, cart-2...
template <std::size_t size>
std::string nth_name(const std::array<std::string_view, size>& names, std::size_t n) {
    std::string name{names[n % size]};
    if (n >= size) name += '-' + std::to_string(n / size + 1);
    return name;
}

std::string namespace_name(std::size_t n) {
    return n < kNamespaces.size() ? std::string{kNamespaces[n]}
                                  : "team-" + std::to_string(n - kNamespaces.size() + 1);
}

// Mostly one container, in some two, in a few three; or as many as asked for.
std::vector<std::string> container_names(std::string_view app, double mean, std::uint64_t mixed) {
    const double choice = unit(mixed);
    auto count = static_cast<std::uint32_t>(mean);
    if (mean == 0)
        count = choice < 0.05 ? 3 : (choice < 0.2 ? 2 : 1);
    else if (choice < mean - count)
        ++count;
    std::vector<std::string> names{std::string{app.substr(0, app.find('-'))}};
    if (count > 1) names.emplace_back("istio-proxy");
    if (count > 2) names.emplace_back("vault-agent");
    while (names.size() < count) names.push_back("helper-" + std::to_string(names.size() - 2));
    return names;
}

std::shared_ptr<Workload> make_workload(Workload::Kind kind, std::string name_space, std::string name,
                                        const ModelOptions& options) {
    auto workload = std::make_shared<Workload>();
    workload->kind = kind;
    workload->key = mix(mix(options.seed, name_space), name);
    workload->name_space = std::move(name_space);
    workload->name = std::move(name);
    workload->template_hash = name_suffix(mix(workload->key, 7), 8 + static_cast<int>(workload->key % 3));
    workload->containers = container_names(workload->name, options.containers, mix(workload->key, 11));
    return workload;
}

std::vector<PlannedWorkload> plan_daemon_sets(const ModelOptions& options) {
    struct DaemonSet {
        const char* name_space;
        const char* name;
        std::vector<std::string> containers;
    };
    const std::array<DaemonSet, 3> sets{
        {{"kube-system", "kube-proxy", {"kube-proxy"}},
         {"kube-system", "cilium", {"cilium-agent"}},
         {"monitoring", "node-exporter", {"node-exporter", "kube-rbac-proxy"}}}};
    const std::size_t count = std::min<std::size_t>(sets.size(), options.pods_per_node / 4);
    std::vector<PlannedWorkload> planned;
    for (std::size_t i = 0; i < count; ++i) {
        auto workload = make_workload(Workload::Kind::daemon_set, sets[i].name_space, sets[i].name, options);
        workload->containers = sets[i].containers;
        planned.push_back({std::move(workload), options.nodes});
    }
    return planned;
}

Labels make_labels(const Workload& workload, const std::string& pod_name) {
    Labels labels{{"app", workload.name}, {"app.kubernetes.io/name", workload.name}};
    switch (workload.kind) {
        case Workload::Kind::deployment:
            labels.emplace_back("pod-template-hash", workload.template_hash);
            break;
        case Workload::Kind::stateful_set: {
            const std::string ordinal = pod_name.substr(pod_name.rfind('-') + 1);
            labels.emplace_back("apps.kubernetes.io/pod-index", ordinal);
            labels.emplace_back("controller-revision-hash", workload.name + '-' + workload.template_hash);
            labels.emplace_back("statefulset.kubernetes.io/pod-name", pod_name);
            break;
        }
        case Workload::Kind::daemon_set:
            labels.emplace_back("controller-revision-hash", workload.template_hash);
            labels.emplace_back("pod-template-generation", "1");
            break;
    }
    std::sort(labels.begin(), labels.end());
    return labels;
}

// What it asks for is the same in all pods of a workload, as `spec` is.
Container make_container(std::string name, std::uint64_t key, std::uint64_t spec, Nanos started) {
    Container container;
    container.name = std::move(name);
    container.key = key;
    const Life life = make_life(key, 0, started);
    // Half of them have limits, above what they use.
    if (unit(mix(spec, 3)) < 0.5)
        container.memory_limit_bytes = 64 * kMiB * static_cast<std::int64_t>(between(16, 32, mix(spec, 5)));
    container.cpu_request_milli = 10 * static_cast<std::int64_t>(between(1, 40, mix(spec, 7)));
    container.devices = unit(mix(spec, 9)) < 0.1 ? 1 : 0;
    container.lives.push_back(life);
    return container;
}

}  // namespace

std::string Workload::owner_kind() const {
    if (kind == Kind::deployment) return "ReplicaSet";
    return kind == Kind::stateful_set ? "StatefulSet" : "DaemonSet";
}

std::string Workload::owner_name() const {
    return kind == Kind::deployment ? name + '-' + template_hash : name;
}

std::string Workload::owner_uid() const {
    return make_uid(mix(key, 13));
}

std::vector<PlannedWorkload> plan_workloads(const ModelOptions& options) {
    std::vector<PlannedWorkload> planned = plan_daemon_sets(options);
    const auto daemons = static_cast<std::uint32_t>(planned.size());
    std::uint32_t left = options.nodes * (options.pods_per_node - daemons);
    const std::uint32_t per_namespace = std::clamp<std::uint32_t>(left / 5, 1, kPodsPerNamespace);

    std::uint32_t in_namespace = 0;
    std::size_t name_space = 0, deployments = 0, stateful_sets = 0;
    while (left > 0) {
        if (in_namespace >= per_namespace) {
            ++name_space;
            in_namespace = 0;
        }
        const std::uint32_t replicas = std::min({kReplicas, left, per_namespace - in_namespace});
        const bool stateful = (deployments + stateful_sets) % 5 == 4;
        std::string name =
            stateful ? nth_name(kStatefulApps, stateful_sets++) : nth_name(kApps, deployments++);
        planned.push_back({make_workload(stateful ? Workload::Kind::stateful_set : Workload::Kind::deployment,
                                         namespace_name(name_space), std::move(name), options),
                           replicas});
        left -= replicas;
        in_namespace += replicas;
    }
    return planned;
}

std::string new_pod_name(const Workload& workload, std::uint64_t serial) {
    if (workload.kind == Workload::Kind::stateful_set) return workload.name + '-' + std::to_string(serial);
    return workload.owner_name() + '-' + name_suffix(mix(mix(workload.key, 31), serial), 5);
}

Life make_life(std::uint64_t key, int lives, Nanos start) {
    const std::uint64_t k = mix(key, static_cast<std::uint64_t>(lives) + 100);
    Life life;
    life.start = start;
    // Most idle, a few busy: 1 millicore to about 1 core, evenly on a logarithmic scale.
    const double idle = 3.0 * std::pow(unit(mix(k, 1)), 1.5);
    life.cpu = {std::pow(10.0, idle - 3), between(0.1, 0.6, mix(k, 2)), between(60, 600, mix(k, 3)),
                between(0, 6.28, mix(k, 4))};
    const double mib = std::pow(10.0, between(1, 2.7, mix(k, 5)));
    life.memory = {mib * kMiB, between(0.02, 0.2, mix(k, 6)), between(60, 900, mix(k, 7)),
                   between(0, 6.28, mix(k, 8))};
    return life;
}

std::shared_ptr<Pod> make_pod(const std::shared_ptr<const Workload>& workload, std::string name,
                              std::uint64_t serial, std::uint32_t node, Nanos created, Nanos started) {
    auto pod = std::make_shared<Pod>();
    const std::uint64_t key = mix(mix(workload->key, name), static_cast<std::uint64_t>(created));
    pod->name_space = workload->name_space;
    pod->labels = make_labels(*workload, name);
    pod->name = std::move(name);
    pod->uid = make_uid(key);
    pod->workload = workload;
    pod->node = node;
    pod->ip = pod_ip(node, serial);
    pod->created = created;
    pod->started = started;
    pod->overhead_nanos = 15'000'000 + key % 20'000'000;
    std::uint64_t number = 0;
    for (const std::string& container : workload->containers) {
        // Containers of a pod start one after the other.
        const Nanos start =
            started + static_cast<Nanos>(number) * 150'000'000 + static_cast<Nanos>(key % 1000) * 100'000;
        pod->containers.push_back(
            make_container(container, mix(key, ++number), mix(workload->key, container), start));
    }
    return pod;
}

}  // namespace sim
