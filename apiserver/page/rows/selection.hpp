// SPDX-License-Identifier: Apache-2.0
// Which rows of a snapshot are asked for, in their order.
#pragma once

#include "apiserver/page/snapshot/snapshot.hpp"
#include "net/task.hpp"
#include "storage/history/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

enum class SortBy : std::uint8_t {
    name,
    name_space,
    node,
    cpu,
    memory,
    cpu_share,
    memory_share,
    restarts,
    pods,
    age
};
inline constexpr std::string_view kSortNames[] = {"name",     "namespace",   "node",     "cpu",  "memory",
                                                  "cpuShare", "memoryShare", "restarts", "pods", "age"};

// Whether it goes by text, and not by a figure.
constexpr bool is_by_text(SortBy sort) {
    return sort == SortBy::name || sort == SortBy::name_space || sort == SortBy::node;
}

// Views are into the query.
struct RowsRequest {
    Kind kind = Kind::pod;
    // Empty: all, as in all that follows.
    std::string_view name_space;
    std::string_view node;
    std::string_view workload;
    std::string_view pod;
    // In lower case (ASCII); a row has all of them.
    std::vector<std::string> words;
    SortBy sort = SortBy::cpu;
    bool descending = true;
    std::size_t offset = 0;
    std::size_t limit = 200;
    // Of the curves; whether there are any.
    storage::history::Seconds range = 3600;
    bool curves = true;
};

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
