// SPDX-License-Identifier: Apache-2.0
// What the watches show of running pods and of nodes beside their names: requests and limits, owners,
// restarts, addresses, capacity and allocatable (--watch-objects). As of now; there is no history of it.
//
// What pods of one owner have in common is kept once (pod_shapes.hpp), names are interned. Values only, as in
// store.hpp; not thread safe. Amounts are millicores of CPU, and bytes or pieces of all else; none is over
// 2^53. Whoever puts objects bounds the lengths and counts in them.
#pragma once

#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace storage {

struct Quantity {
    // cpu, memory, ephemeral-storage, nvidia.com/gpu, ...
    std::string_view resource;
    std::uint64_t amount = 0;
    bool operator==(const Quantity&) const = default;
};

// By resource.
using ResourceList = std::span<const Quantity>;

// nullopt: it is not in the list.
std::optional<std::uint64_t> amount_of(ResourceList list, std::string_view resource);

struct ContainerObject {
    std::string_view name;
    // As the pod's specification has it.
    std::string_view image;
    // An init container that runs as long as its pod.
    bool sidecar = false;
    ResourceList requests;
    ResourceList limits;
};

// Of a container; "-" where it is not known, for labels that must not be empty.
std::string_view image_of(std::span<const ContainerObject> containers, std::string_view name);

struct PodObject {
    std::string_view name_space;
    std::string_view name;
    std::string_view uid;
    // Empty: unknown, as in all that follows.
    std::string_view node;
    std::string_view host_ip;
    std::string_view pod_ip;
    // The controller, as kube-state-metrics names it; and the same but for ReplicaSets of Deployments, which
    // are the Deployment.
    std::string_view created_by_kind;
    std::string_view created_by_name;
    std::string_view workload_kind;
    std::string_view workload_name;
    std::span<const ContainerObject> containers;
    // Of each container; or empty, when none was restarted.
    std::span<const std::uint32_t> restarts;
    // What counts for the pod as a whole: what its specification says for it, else the sum over containers.
    ResourceList requests;
    ResourceList limits;

    std::uint32_t restarts_of(std::size_t container) const {
        return restarts.empty() ? 0 : restarts[container];
    }
};

struct NodeObject {
    std::string_view name;
    ResourceList capacity;
    ResourceList allocatable;
};

struct Reserved {
    std::uint64_t cpu = 0;
    std::uint64_t memory = 0;
    std::uint64_t ephemeral_storage = 0;
    bool operator==(const Reserved&) const = default;
};

// Sums over pods. Of amounts that no machine has they wrap around at 2^64.
struct ResourceSums {
    std::size_t pods = 0;
    Reserved requests;
    Reserved limits;
};

// How many are kept of the pods that have ended. One takes 300 bytes, and 1,300 with two containers where no
// other has its specification, as with Jobs of CronJobs: 5 MB in all. In a cluster of 30,000 pods that are
// all made anew within ten minutes it is what ended in the last 80 s: a sink tells of an end with its next
// tick.
inline constexpr std::size_t kEndedPods = 4'096;

class WatchedObjects {
  public:
    // `ended_pods`: how many are kept of those that have ended. The newest, without regard to time: a pod
    // that is asked for was told of a tick ago.
    explicit WatchedObjects(std::size_t ended_pods = kEndedPods);
    ~WatchedObjects();
    WatchedObjects(const WatchedObjects&) = delete;
    WatchedObjects& operator=(const WatchedObjects&) = delete;

    // As in Store. What is put replaces what was known under its name.
    void put_node(const NodeObject& node);
    void remove_node(std::string_view name);
    void begin_nodes();
    void end_nodes();
    // restarts is empty, or has one for each container.
    void put_pod(const PodObject& pod);
    void remove_pod(std::string_view name_space, std::string_view name);
    void begin_pods();
    void end_pods();

    // Views are valid until the next put, removal or end of a list.
    std::optional<NodeObject> node(std::string_view name) const;
    std::optional<PodObject> pod(std::string_view name_space, std::string_view name) const;

    // The last pod of that name that has ended, or whose name one with another UID took, for who has its end
    // yet to tell. It is in nothing else here: in no sum, in no walk. `since`: if it ended when ended_pods()
    // was that already, or more. nullopt: there is none, or it is kept no longer.
    std::optional<PodObject> ended_pod(std::string_view name_space, std::string_view name,
                                       std::uint64_t since = 0) const;
    // How many have ended so far.
    std::uint64_t ended_pods() const;

    // Ordered, as Store's: nodes by name, pods by (namespace, name), those behind `after`. name_space empty:
    // all. `visit` returns false to stop.
    void walk_nodes(std::string_view after, const std::function<bool(const NodeObject&)>& visit) const;
    void walk_pods(std::string_view name_space, PodKey after,
                   const std::function<bool(const PodObject&)>& visit) const;

    // Over the pods of the cluster, of a namespace and of a node; without a pod all zero. Kept, not added up.
    ResourceSums sums() const;
    ResourceSums sums_of_namespace(std::string_view name) const;
    ResourceSums sums_of_node(std::string_view name) const;

    std::size_t node_count() const;
    std::size_t pod_count() const;
    // How many of the pods, with those that have ended and are kept, are unlike all others in what pods of
    // one owner have in common.
    std::size_t shape_count() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace storage
