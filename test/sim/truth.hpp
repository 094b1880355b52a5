// SPDX-License-Identifier: Apache-2.0
// What the cluster truly burned, for those who check what was served.
#pragma once

#include "test/sim/cluster/model.hpp"
#include "test/sim/kubelet/kubelets.hpp"

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace sim {

// Both must outlive it.
class Truth {
  public:
    Truth(const Model& model, const Kubelets& kubelets) : model_{model}, kubelets_{kubelets} {}

    // CPU nanoseconds burned from `from` to `to`, and memory at `to`, of a container (of a pod, when
    // `container` is empty). Null: there is no such thing.
    nlohmann::ordered_json pod(const Model::PodKey& key, const std::string& container, Nanos from,
                               Nanos to) const;
    nlohmann::ordered_json node(const std::string& name, Nanos from, Nanos to) const;

    // Every container of every page, with its last samples and what was true at them: an array of
    // {"namespace","pod","container","node","start_ns","samples":[[time in ms, cpu ns, memory bytes]...]},
    // newest sample first. Only what a kubelet has shown is there.
    nlohmann::ordered_json samples() const;
    // The same of nodes.
    nlohmann::ordered_json node_samples() const;

  private:
    const Model& model_;
    const Kubelets& kubelets_;
};

}  // namespace sim
