// SPDX-License-Identifier: Apache-2.0
// What is promised of every whole object, whatever it was read from.
#pragma once

#include "kube/full_objects.hpp"
#include "kube/wire/quantity.hpp"
#include "test/fuzz/require.hpp"

#include <cstddef>

inline void check_bounds(const kube::ResourceList& list) {
    require(list.size() <= kube::kMostResources, "resources are bounded in number");
    for (std::size_t i = 0; i < list.size(); ++i) {
        require(!list[i].first.empty() && list[i].first.size() <= kube::kResourceNameBytes,
                "names of resources are bounded");
        require(list[i].second <= kube::kMostAmount, "amounts are bounded");
        require(i == 0 || list[i - 1].first < list[i].first, "resources are sorted and each comes once");
    }
}

inline void check_bounds(const kube::FullNode& node) {
    check_bounds(node.capacity);
    check_bounds(node.allocatable);
}

inline void check_bounds(const kube::FullPod& pod) {
    require(pod.containers.size() <= kube::kMostContainers, "containers are bounded in number");
    for (const kube::PodContainer& container : pod.containers) {
        require(!container.name.empty() && container.name.size() <= kube::kContainerNameBytes,
                "names of containers are bounded");
        require(container.image.size() <= kube::kImageBytes, "images are bounded");
        check_bounds(container.resources.requests);
        check_bounds(container.resources.limits);
    }
    check_bounds(pod.resources.requests);
    check_bounds(pod.resources.limits);
    require(pod.restarts.size() <= 2 * kube::kMostContainers, "restarts are bounded in number");
    require(pod.owner_kind.empty() == pod.owner_name.empty(), "an owner has a kind and a name");
    require(pod.host_ip.size() <= kube::kIpBytes && pod.pod_ip.size() <= kube::kIpBytes,
            "addresses are bounded");
    require(kube::workload_of(pod).name.size() <= pod.owner_name.size(),
            "a workload's name is in its owner's");
}
