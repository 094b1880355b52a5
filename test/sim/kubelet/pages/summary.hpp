// SPDX-License-Identifier: Apache-2.0
// A kubelet's /stats/summary, with figures that a test can know: all are constant, or grow evenly with the
// whole seconds since the start of what is measured.
#pragma once

#include "test/sim/cluster/model.hpp"

#include <string>

namespace sim {

// A second, from the start on: bytes over a node's default interface; over a pod's two; page faults.
inline constexpr std::uint64_t kNodeRx = 1'000'000, kNodeTx = 200'000;
inline constexpr std::uint64_t kPodRx = 50'000, kPodTx = 20'000, kPodOtherRx = 10'000;
inline constexpr std::uint64_t kPageFaults = 5;
// Nanoseconds of CPU a second of the system's container "kubelet".
inline constexpr std::uint64_t kKubeletCpu = 100'000'000;
// Bytes.
inline constexpr std::uint64_t kContainerRss = 12 << 20, kContainerUsage = 20 << 20;
inline constexpr std::uint64_t kRootfsUsed = 1 << 20, kLogsUsed = 2 << 20;
inline constexpr std::uint64_t kVolumeUsed = 64 << 20, kVolumeCapacity = 1 << 30;
inline constexpr std::uint64_t kNodeFsUsed = std::uint64_t{10} << 30,
                               kNodeFsCapacity = std::uint64_t{100} << 30;

// Each pod has a volume "data" of the claim "data-POD".
std::string summary_text(const Node& node, Nanos now);

}  // namespace sim
