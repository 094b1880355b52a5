// SPDX-License-Identifier: Apache-2.0
// Just the fields that we use of the Kubernetes objects that we watch (k8s.io/api/core/v1, meta/v1).
#pragma once

#include "kube/scrape_annotations.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kube {

// Sorted by key.
using StringMap = std::vector<std::pair<std::string, std::string>>;

struct NodeAddress {
    // InternalIP, ExternalIP, Hostname, InternalDNS, ExternalDNS.
    std::string type;
    std::string address;
};

struct Node {
    std::string name;
    std::string uid;
    std::string resource_version;
    StringMap labels;
    // The annotation metrics.k8s.io/resource-metrics-path; empty: none.
    std::string metrics_path;
    std::vector<NodeAddress> addresses;
    // status.daemonEndpoints.kubeletEndpoint.Port; 0: none.
    std::int32_t kubelet_port = 0;
    // The condition Ready is True.
    bool ready = false;
    // status.capacity.cpu, in nanocores; 0: unknown.
    std::uint64_t cpu_capacity = 0;
};

// PartialObjectMetadata of a pod.
struct Pod {
    std::string name_space;
    std::string name;
    std::string uid;
    std::string resource_version;
    StringMap labels;
    ScrapeAnnotations scrape;
};

// Begins anew what a decoder fills.
template <class SomePod>
void clear_pod(SomePod& pod) {
    ScrapeAnnotations scrape = std::move(pod.scrape);
    pod = SomePod{};
    scrape.clear();
    pod.scrape = std::move(scrape);
}

// Where a pod is.
struct PodPlace {
    std::string uid;
    // spec.nodeName; empty: it has not been scheduled.
    std::string node;
};

// core/v1 ConfigMap; its binary data is left out.
struct ConfigMap {
    std::string name_space;
    std::string name;
    std::string resource_version;
    StringMap data;
};

}  // namespace kube
