// SPDX-License-Identifier: Apache-2.0
#include "topd/limits/memory_plan.hpp"

#include "storage/objects.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace topd {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;

// What one of each takes.
constexpr std::uint64_t kProcess = 10 * kMiB;
constexpr std::uint64_t kNode = 27 * kKiB;
constexpr std::uint64_t kPod = 350;
constexpr std::uint64_t kContainer = 120;
// Beside what a pod takes always; and what pods of one owner have in common (decision 0024).
constexpr std::uint64_t kWholePod = 300;
constexpr std::uint64_t kPodShape = 520;
// What pages say is not believed to be of a usual size.
constexpr std::uint64_t kUnknownPod = storage::kUnknownPodBytes + storage::kUnknownContainerBytes;
// TLS (20 KiB), a certificate (4 KiB), a part of a record, and a small request or a piece of a list on its
// way. TLS sessions that are kept without a connection, 256 of 1 KiB, are the process's.
constexpr std::uint64_t kConnection = 64 * kKiB;
constexpr std::uint64_t kLogLine = 2 * kKiB;

template <class Number>
void shrink(Number& bound, std::uint64_t least, std::uint64_t share) {
    bound = std::min<Number>(bound, static_cast<Number>(std::max(least, share)));
}

}  // namespace

std::uint64_t needed_bytes(const Inventory& inventory) {
    const std::uint64_t at_rest = kProcess + inventory.nodes * kNode + inventory.pods * kPod +
                                  inventory.containers * kContainer + inventory.whole_pods * kWholePod +
                                  inventory.pod_shapes * kPodShape;
    return at_rest * 13 / 10 + inventory.history_bytes;
}

std::string mebibytes(std::uint64_t bytes) {
    return fmt::format("{}Mi", (bytes + kMiB - 1) / kMiB);
}

MemoryBounds bounds_within(std::optional<std::uint64_t> memory_limit) {
    MemoryBounds bounds;
    if (!memory_limit) return bounds;
    const std::uint64_t limit = *memory_limit;
    shrink(bounds.encoded_list_bytes, 1 * kMiB, limit / 8);
    shrink(bounds.connections, 64, limit / 6 / kConnection);
    shrink(bounds.request_bytes, 1 * kMiB, limit / 32);
    shrink(bounds.certificate_bytes, 256 * kKiB, limit / 128);
    shrink(bounds.kept_answer_bytes, 192 * kKiB, limit / 128);
    shrink(bounds.review_bytes, 256 * kKiB, limit / 128);
    shrink(bounds.query_bytes, 1 * kMiB, limit / 32);
    shrink(bounds.sink_bytes, 1 * kMiB, limit / 32);
    shrink(bounds.application_bytes, 1 * kMiB, limit / 16 * 2 / 3);
    shrink(bounds.page_bytes, 2 * kMiB, limit / 16);
    shrink(bounds.unknown_pods, 1000, limit / 16 / kUnknownPod);
    shrink(bounds.log_lines, 128, limit / 64 / kLogLine);
    return bounds;
}

}  // namespace topd
