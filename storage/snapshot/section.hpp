// SPDX-License-Identifier: Apache-2.0
// A snapshot is a sequence of sections, each of which can be used without the others.
#pragma once

#include "storage/usage.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace storage::snapshot {

enum class SectionKind : std::uint8_t {
    // History of the cluster and its namespaces, of nodes, of pods.
    sums = 1,
    nodes = 2,
    pods = 3,
    // Window points: nodes with their pods.
    points = 4,
    // What kubelets told on /stats/summary: nodes and pods.
    summaries = 5,
};

struct Section {
    SectionKind kind = SectionKind::sums;
    std::string bytes;
};

// A section ends when it is this long: with the thing that made it so.
inline constexpr std::size_t kSectionBytes = 64 * 1024;
// No section is longer, whatever there is: what does not fit is left out.
inline constexpr std::size_t kMostSectionBytes = 16 * 1024 * 1024;

// The same moment by both clocks.
struct Now {
    std::chrono::milliseconds unix_time{0};
    Monotonic monotonic{};
};

}  // namespace storage::snapshot
