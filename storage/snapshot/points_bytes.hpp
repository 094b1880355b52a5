// SPDX-License-Identifier: Apache-2.0
// The points of nodes and their pods as bytes. Times of our clock become ages, and times of the new process's
// clock again.
#pragma once

#include "storage/saved_points.hpp"
#include "storage/snapshot/bytes.hpp"

namespace storage::snapshot {

// now: when it is told.
void put_node(Bytes& bytes, const SavedNode& node, Monotonic now);
// then: that moment by the clock of now. Whether the bytes were right; a name that cannot be one leaves out
// its pod, or (empty) the node.
bool take_node(BytesReader& bytes, SavedNode& node, Monotonic then);

}  // namespace storage::snapshot
