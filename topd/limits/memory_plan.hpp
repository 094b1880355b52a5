// SPDX-License-Identifier: Apache-2.0
// How much memory the work needs, and what each part may take when there is little
// (docs/decisions/0008-limits.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace topd {

struct Inventory {
    std::size_t nodes = 0;
    std::size_t pods = 0;
    std::size_t containers = 0;
    // What history may take.
    std::size_t history_bytes = 0;
    // Of the pods, those that are kept whole (--watch-objects), and how many of these are unlike all others.
    std::size_t whole_pods = 0;
    std::size_t pod_shapes = 0;
};

// For everything, while lists are read.
std::uint64_t needed_bytes(const Inventory& inventory);

// As manifests write it, rounded up: 64Mi.
std::string mebibytes(std::uint64_t bytes);

// Bounds of what comes from outside. The initial values are for a process with memory to spare.
struct MemoryBounds {
    // Lists that are complete before they are sent, all together; see apiserver::ByteBudget.
    std::size_t encoded_list_bytes = 64 * 1024 * 1024;
    // Clients of the API.
    std::size_t connections = 4096;
    // Requests of clients that are read or wait for their answer, beside 16 KiB for each.
    std::size_t request_bytes = 16 * 1024 * 1024;
    // Certificates of clients that proved nothing, beside 4 KiB for each.
    std::size_t certificate_bytes = 2 * 1024 * 1024;
    // Answers about tokens and permissions that are kept, and reviews that are asked or wait.
    std::size_t kept_answer_bytes = 3 * 1024 * 1024;
    std::size_t review_bytes = 4 * 1024 * 1024;
    // What a query holds while it is evaluated, and as much again the answers that are being sent.
    std::size_t query_bytes = 64 * 1024 * 1024;
    // Batches of sinks that wait to be sent.
    std::size_t sink_bytes = 32 * 1024 * 1024;
    // What pods say of themselves, and half of it for their pages while they come (--custom-metrics).
    std::size_t application_bytes = 32 * 1024 * 1024;
    // One kubelet's page.
    std::uint64_t page_bytes = 16 * 1024 * 1024;
    // Pods that pages name and the watch has not shown.
    std::size_t unknown_pods = 20'000;
    // Log lines that wait for the writer.
    std::size_t log_lines = 1024;
};

// Shares of the limit, never more than the initial values nor less than what a small cluster needs. From
// 32 MiB on, all of them in use at once take less than half of the limit. Not counted in that, since not
// everybody has them: a sixteenth each for queries, for topd's own page and for custom metrics, and a
// thirty-second for sinks.
MemoryBounds bounds_within(std::optional<std::uint64_t> memory_limit);

}  // namespace topd
