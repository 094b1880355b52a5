// SPDX-License-Identifier: Apache-2.0
// Which rows of a snapshot are asked for, in their order.
#pragma once

#include "apiserver/page/parameters.hpp"
#include "apiserver/page/snapshot/snapshot.hpp"
#include "net/task.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace apiserver {

struct Selection {
    // Places in Snapshot::of(kind), from the offset on, at most the limit.
    std::vector<std::uint32_t> rows;
    // Before and after the search.
    std::size_t total = 0;
    std::size_t matched = 0;
    // Over all that match: millicores, bytes.
    std::uint64_t cpu = 0;
    std::uint64_t memory = 0;
};

// A stint at a time. Rows without the figure that is sorted by come last, whatever the order; what is alike
// stays in the order of names. Both must outlive the task.
net::Task<Selection> select_rows(const Snapshot& snapshot, const RowsRequest& request);

}  // namespace apiserver
