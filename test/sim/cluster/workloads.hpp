// SPDX-License-Identifier: Apache-2.0
// Which controllers the simulated cluster runs, and what their pods look like.
#pragma once

#include "test/sim/cluster/model.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sim {

struct PlannedWorkload {
    std::shared_ptr<const Workload> workload;
    // Pods; DaemonSets have one on every node.
    std::uint32_t replicas = 0;
};

// As many pods as options ask for: up to three DaemonSets (fewer when nodes hold fewer pods), then
// Deployments and a StatefulSet in five, of about a dozen pods each, in namespaces of up to 200 pods.
std::vector<PlannedWorkload> plan_workloads(const ModelOptions& options);

// A pod of that workload. `serial` makes it different from its siblings; for a StatefulSet's it is the
// ordinal when no name is given.
std::shared_ptr<Pod> make_pod(const std::shared_ptr<const Workload>& workload, std::string name,
                              std::uint64_t serial, std::uint32_t node, Nanos created, Nanos started);

// A name for a new pod of that workload.
std::string new_pod_name(const Workload& workload, std::uint64_t serial);

// The waves of a new life, from the container's key and the number of its lives so far.
Life make_life(std::uint64_t key, int lives, Nanos start);

}  // namespace sim
