// SPDX-License-Identifier: Apache-2.0
// Whole pods and nodes: what --watch-objects reads of them beside what is read always.
//
// An API server's objects are bounded in bytes alone (etcd, 1.5 MiB), so these are bounded in counts and
// lengths: what is too long is left empty, and what is too many is left out. A quantity that is none costs
// its entry.
#pragma once

#include "kube/objects.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kube {

inline constexpr std::size_t kMostContainers = 128;
inline constexpr std::size_t kMostResources = 32;
inline constexpr std::size_t kContainerNameBytes = 63;
// Names of objects, and kinds.
inline constexpr std::size_t kObjectNameBytes = 253;
// A qualified name: prefix, slash, name (apimachinery, pkg/util/validation).
inline constexpr std::size_t kResourceNameBytes = 253 + 1 + 63;
inline constexpr std::size_t kImageBytes = 512;
// A UUID has 36, an IPv6 address with a zone 45.
inline constexpr std::size_t kUidBytes = 64;
inline constexpr std::size_t kIpBytes = 64;

// Sorted by name: CPU in millicores, all else in whole bytes or pieces, both rounded up as Kubernetes does
// (apimachinery, Quantity.MilliValue and Value).
using ResourceList = std::vector<std::pair<std::string, std::uint64_t>>;

struct ResourceRequirements {
    ResourceList requests;
    ResourceList limits;
};

// One that runs as long as its pod: those of spec.containers, and the sidecars among the init containers,
// whose restartPolicy is Always.
struct PodContainer {
    std::string name;
    std::string image;
    bool sidecar = false;
    ResourceRequirements resources;
};

struct FullPod : Pod {
    // The reference that says controller; empty: none.
    std::string owner_kind;
    std::string owner_name;
    std::string node;
    std::vector<PodContainer> containers;
    // spec.resources: counts for the pod as a whole, where it names a resource.
    ResourceRequirements resources;
    std::string phase;
    std::string host_ip;
    std::string pod_ip;
    // Each container's restarts, in any order, beside those of other init containers.
    std::vector<std::pair<std::string, std::uint32_t>> restarts;

    bool has_ended() const { return phase == "Succeeded" || phase == "Failed"; }
};

struct FullNode : Node {
    ResourceList capacity;
    ResourceList allocatable;
};

// For the decoders: take over what one of them has read, within the bounds.
void take_text(std::string& into, std::string_view text, std::size_t most_bytes);
void take_amount(ResourceList& into, std::string_view resource, std::string_view quantity);
// A resource over kMostResources is left out.
void set_amount(ResourceList& into, std::string_view resource, std::uint64_t amount);
void add_amount(ResourceList& into, std::string_view resource, std::uint64_t amount);
void take_owner(FullPod& into, std::string_view kind, std::string_view name, bool controller);
enum class ContainerKind { plain, init };
// restart_policy: of an init container.
void take_container(FullPod& into, PodContainer container, ContainerKind kind,
                    std::string_view restart_policy);
void take_restarts(FullPod& into, std::string_view container, std::int64_t restarts);

// The workload that made the pod, as users know it: its owner, or the Deployment behind a ReplicaSet, whose
// name then ends with the pods' label pod-template-hash (kubernetes, pkg/controller/deployment/sync.go:
// getNewReplicaSet). Views into the pod.
struct Workload {
    std::string_view kind;
    std::string name;
};
Workload workload_of(const FullPod& pod);

}  // namespace kube
