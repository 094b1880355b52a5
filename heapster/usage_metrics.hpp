// SPDX-License-Identifier: Apache-2.0
// Heapster's metrics that come from history (/metrics/resource).
//
// A kubelet's /metrics/resource has no caches, so memory/usage is the working set too.
#pragma once

#include <cstdint>

namespace heapster {

inline constexpr const char* kCpuUsage = "cpu/usage";
inline constexpr const char* kCpuUsageRate = "cpu/usage_rate";
inline constexpr const char* kMemoryUsage = "memory/usage";
// Not of namespaces and the cluster: Heapster summed the two before.
inline constexpr const char* kMemoryWorkingSet = "memory/working_set";

// Rounded up, as kubectl top does it. Of a pod the sum over its containers is shown, each rounded.
constexpr std::uint64_t millicores(std::uint64_t nanocores) {
    constexpr std::uint64_t kNanosPerMilli = 1'000'000;
    return nanocores / kNanosPerMilli + (nanocores % kNanosPerMilli == 0 ? 0 : 1);
}

}  // namespace heapster
