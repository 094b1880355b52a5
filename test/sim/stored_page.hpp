// SPDX-License-Identifier: Apache-2.0
// The simulated cluster as topd's storage is told of it, without a kubelet between them.
#pragma once

#include "storage/node_page.hpp"
#include "storage/usage.hpp"
#include "test/sim/cluster/model.hpp"

namespace sim {

// What the node's kubelet would say, all of it sampled in that moment. Its names are the model's.
void fill_page(const Node& node, storage::Nanos when, storage::NodePage& page);

}  // namespace sim
