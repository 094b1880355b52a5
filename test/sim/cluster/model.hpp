// SPDX-License-Identifier: Apache-2.0
// The simulated cluster: its nodes, pods and containers, and what they truly burn at any time.
//
// CPU and memory are functions of time (wave.hpp), so a figure that somebody derives from the kubelets' pages
// can be compared with the truth, not with another measurement. Time comes in as an argument.
#pragma once

#include "test/sim/cluster/wave.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

// One run of a container, from its start to its end.
struct Life {
    Nanos start = 0;
    Nanos end = kNever;
    Wave cpu;
    Wave memory;

    // Burned from the start to `at` (or to the end, if that was before).
    std::uint64_t cpu_nanos(Nanos at) const;
    // Whole pages, as a kernel counts.
    std::int64_t memory_bytes(Nanos at) const;
    bool alive(Nanos at) const { return start <= at && at < end; }
};

struct Container {
    std::string name;
    // Random numbers of this container are mixed from it.
    std::uint64_t key = 0;
    // 0: none.
    std::int64_t memory_limit_bytes = 0;
    std::int64_t cpu_request_milli = 0;
    // Of nvidia.com/gpu, requested.
    std::int64_t devices = 0;
    // Oldest first, not empty; the last may still be to come (between an end and a restart).
    std::vector<Life> lives;
    // Of lives that are no longer kept.
    std::uint64_t forgotten_cpu_nanos = 0;
    int restarts = 0;

    const Life* life_at(Nanos at) const;
    // Of all lives.
    std::uint64_t cpu_nanos(Nanos at) const;
};

using Labels = std::vector<std::pair<std::string, std::string>>;

// What pods of one controller have in common.
struct Workload {
    enum class Kind { deployment, stateful_set, daemon_set };
    Kind kind = Kind::deployment;
    std::string name_space;
    std::string name;
    // Of the ReplicaSet; Deployments only.
    std::string template_hash;
    std::uint64_t key = 0;
    std::vector<std::string> containers;

    // Of the object that owns the pods, and of the pods.
    std::string owner_kind() const;
    std::string owner_name() const;
    std::string owner_uid() const;
};

// One incarnation of a pod on one node. A pod that moves becomes a new one.
struct Pod {
    enum class Phase { pending, running };
    std::string name_space;
    std::string name;
    std::string uid;
    Labels labels;
    std::shared_ptr<const Workload> workload;
    std::uint32_t node = 0;
    std::string ip;
    // Beside those that all pods have.
    Labels annotations;
    Nanos created = 0;
    // When its containers started; `phase` is running from then on.
    Nanos started = 0;
    Phase phase = Phase::running;
    // The kubelet shows it until then.
    Nanos removed = kNever;
    std::vector<Container> containers;
    // CPU of the pause container, spent at the start.
    std::uint64_t overhead_nanos = 0;

    // Of the pod's own counters, which do not fall when a container restarts.
    std::uint64_t cpu_nanos(Nanos at) const;
    std::int64_t memory_bytes(Nanos at) const;
};

struct Node {
    std::string name;
    std::uint32_t index = 0;
    std::string ip;
    std::string uid;
    std::string zone;
    Nanos booted = 0;
    bool ready = true;
    // Where its kubelet has the page, when that is not /metrics/resource: said by an annotation.
    std::string metrics_path;
    int cores = 16;
    std::int64_t memory_capacity_bytes = 0;
    // The kubelet, the kernel and all that is no pod.
    Life system;
    // Those that the kubelet shows, and some that it showed lately.
    std::vector<std::shared_ptr<Pod>> pods;
    // Of pods that were here and are no longer in `pods`.
    std::uint64_t departed_cpu_nanos = 0;
    // Changes with the list of pods.
    std::uint64_t generation = 1;

    std::uint64_t cpu_nanos(Nanos at) const;
    std::int64_t memory_bytes(Nanos at) const;
};

// Told of what the API server must know. Called after the change.
class ModelObserver {
  public:
    virtual ~ModelObserver() = default;
    virtual void pod_changed(const Pod& pod) = 0;
    virtual void pod_deleted(const Pod& pod) = 0;
    virtual void node_changed(const Node& node) = 0;
};

struct ModelOptions {
    std::uint32_t nodes = 3;
    std::uint32_t pods_per_node = 30;
    std::uint64_t seed = 1;
    // In each pod of a Deployment or StatefulSet, on average: of 1.6, six workloads in ten have two. 0:
    // mostly one, in some two or three.
    double containers = 0;
    // When its pods were minutes to two days old, by which their UIDs and curves are drawn, too: of the same
    // moment two models are the same cluster. 0: the moment that Model is made with.
    Nanos made = 0;
    // So many pods, the first of the Deployments and StatefulSets, are annotated to be scraped on this port,
    // and have addresses of loopback: 127.128.0.1 and up.
    std::uint32_t applications = 0;
    std::uint16_t applications_port = 0;
};

class Model {
  public:
    // (namespace, name).
    using PodKey = std::pair<std::string, std::string>;

    // The cluster as it stands at `now`, or in `made`: all pods running for minutes to days.
    Model(const ModelOptions& options, Nanos now);

    const std::vector<Node>& nodes() const { return nodes_; }
    const std::map<PodKey, std::shared_ptr<Pod>>& pods() const { return pods_; }
    // nullptr: unknown.
    const Node* node(std::string_view name) const;
    const Pod* pod(const PodKey& key) const;
    void set_observer(ModelObserver* observer) { observer_ = observer; }

    // All false: no such pod, container or node.
    bool remove(const PodKey& key, Nanos now);
    // A pod of the same controller, pending until `starts`. Of a StatefulSet or DaemonSet: one of the same
    // name. Returns its key; the observer hears of it twice, at once and from advance() when it starts.
    PodKey replace(const Pod& like, std::uint32_t node, Nanos now, Nanos starts);
    // The same name on another node from `now` on; the old node shows its own until `now` + overlap.
    bool move(const PodKey& key, std::string_view to, Nanos now, Nanos overlap);
    // Ends a container (the first, when `container` is empty); it starts again after `away`.
    bool restart(const PodKey& key, std::string_view container, Nanos now, Nanos away);
    bool set_ready(std::string_view node, bool ready);
    bool set_metrics_path(std::string_view node, std::string path);

    // Starts what is due, and now and then forgets pods that nobody can ask for any more. Call it often.
    void advance(Nanos now);

  private:
    Pod& place(const std::shared_ptr<const Workload>& workload, std::string name, std::uint32_t node,
               Nanos created, Nanos started);
    void prune(Node& node, Nanos now);
    Node* find_node(std::string_view name);

    std::uint64_t seed_;
    std::uint64_t serial_ = 0;
    Nanos next_prune_ = 0;
    std::vector<Node> nodes_;
    std::map<PodKey, std::shared_ptr<Pod>> pods_;
    std::vector<std::shared_ptr<Pod>> pending_;
    ModelObserver* observer_ = nullptr;
};

}  // namespace sim
