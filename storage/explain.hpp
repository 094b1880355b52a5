// SPDX-License-Identifier: Apache-2.0
// Why a node or pod is served, or is not: what the store holds of it, and which rule decided. Values only;
// the rules are those of storage/store.hpp. Views are valid until the store changes.
#pragma once

#include "storage/points.hpp"
#include "storage/usage.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace storage {

// Why something has no rate; the first that applies.
enum class Lack : std::uint8_t {
    none,
    ended,       // absent from the last whole page of its node: the pod is served without it
    young,       // its only sample is less than kMinFreshAge after its start: the same
    no_page,     // of a node: none of its pages has come
    unmeasured,  // pages come, but none within the bound held both CPU and memory of it, not zero
    twice,       // its last page held lines of it that contradict each other
    stale,       // no page has come for longer than the bound
    one_sample,  // one sample, and no start to count from (unknown, too long ago, or outlived)
    clock_set,   // the node's clock was set after the sample before the last
    impossible   // its last rate was over twice the node's capacity (rule 9)
};

struct ContainerExplanation {
    std::string_view name;
    Lack lack = Lack::none;
    Points points;
    // When lack is none.
    std::optional<Usage> usage;
};

struct NodeExplanation {
    Lack lack = Lack::none;
    Points points;
    std::optional<Usage> usage;
    // When its last page came; Monotonic{}: none came.
    Monotonic page_at{};
    // Pods whose figures come from it.
    std::size_t pods = 0;
};

// A node whose pages also name the pod (rule 7). Remembered for the bound, and for at most so many pods; as
// many whose containers have nothing but zeros.
inline constexpr std::size_t kRivals = 1000;
struct Rival {
    std::string_view node;
    Monotonic seen_at{};
};

struct PodExplanation {
    enum class Verdict : std::uint8_t {
        served,
        unknown,       // the watch does not show it: there is no such pod, or it is not Running
        no_line,       // no page has named it within the bound
        no_container,  // all its containers have ended or are young
        container,     // at least one has no rate, so that none is served (rule 6)
        zeros          // pages name containers of it, and tell zeros of all of them
    };
    Verdict verdict = Verdict::unknown;
    // The node whose pages count; empty: none yet, or it has left the cluster.
    std::string_view node;
    // When that node's last page came.
    Monotonic page_at{};
    std::optional<Rival> rival;
    // By name. Pages may show some of a pod that the watch does not show.
    std::vector<ContainerExplanation> containers;
};

}  // namespace storage
