// SPDX-License-Identifier: Apache-2.0
// What is served of all nodes and pods at one moment, as rows of tables: taken once a tick and read by all
// pages that are open, so that they agree.
#pragma once

#include "apiserver/page/snapshot/texts.hpp"
#include "storage/history/points.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace apiserver {

enum class Kind : std::uint8_t { node, name_space, workload, pod, container };
inline constexpr std::string_view kKindNames[] = {"node", "namespace", "workload", "pod", "container"};
inline constexpr std::size_t kKinds = std::size(kKindNames);

// Of figures: not known, or not measured.
inline constexpr std::uint64_t kNoFigure = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint32_t kNoNumber = std::numeric_limits<std::uint32_t>::max();

// CPU in nanocores where it is used, in millicores where it is reserved; memory in bytes; times in Unix
// seconds.
struct UsageRow {
    // Of a workload: Deployment/web.
    TextId name = 0;
    // Empty where the kind has none, as in all that follows.
    TextId name_space = 0;
    TextId pod = 0;
    TextId workload = 0;
    TextId node = 0;
    // "ok" or a word of /debug; its sentence, and what can be done about it.
    TextId state = 0;
    TextId reason = 0;
    TextId remedy = 0;
    std::uint32_t restarts = kNoNumber;
    std::uint32_t pods = 0;
    std::uint32_t started = 0;
    std::uint32_t last_sample = 0;
    std::uint64_t cpu = kNoFigure;
    std::uint64_t memory = kNoFigure;
    // Of a node what its pods request together.
    std::uint64_t cpu_request = kNoFigure;
    std::uint64_t memory_request = kNoFigure;
    // Of a node what is allocatable.
    std::uint64_t cpu_limit = kNoFigure;
    std::uint64_t memory_limit = kNoFigure;
};
static_assert(sizeof(UsageRow) == 96, "a cluster has a hundred thousand of them");

// The sum of what is known.
constexpr void add_figure(std::uint64_t& sum, std::uint64_t more) {
    if (more != kNoFigure) sum = (sum == kNoFigure ? 0 : sum) + more;
}

// As kubectl top shows it: a part of a millicore is one.
constexpr std::uint64_t millicores(std::uint64_t nanocores) {
    return nanocores / 1'000'000 + (nanocores % 1'000'000 == 0 ? 0 : 1);
}

// Millicores, or kNoFigure.
constexpr std::uint64_t shown_cpu(const UsageRow& row) {
    return row.cpu == kNoFigure ? kNoFigure : millicores(row.cpu);
}

// The sums of the cluster over nodes; nullopt: not known.
struct ClusterFigures {
    std::optional<std::uint64_t> used;
    std::optional<std::uint64_t> capacity;
    std::optional<std::uint64_t> allocatable;
    std::optional<std::uint64_t> requested;
    std::optional<std::uint64_t> limits;
};

struct Snapshot {
    // The newest tick of history, and when this was taken. Unix time.
    storage::history::Seconds tick = 0;
    storage::history::Seconds as_of = 0;
    // Of those that were taken one after the other.
    std::uint64_t number = 0;
    // Objects are watched.
    bool objects = false;
    // There was no room for all pods.
    bool cut = false;
    Texts texts;
    // By kind; in the order of their names: namespace, pod, name.
    std::array<std::vector<UsageRow>, kKinds> rows;
    std::array<std::size_t, kKinds> with_figures{};
    ClusterFigures cpu;
    ClusterFigures memory;

    const std::vector<UsageRow>& of(Kind kind) const { return rows[static_cast<std::size_t>(kind)]; }
    std::vector<UsageRow>& of(Kind kind) { return rows[static_cast<std::size_t>(kind)]; }
    std::size_t measured(Kind kind) const { return with_figures[static_cast<std::size_t>(kind)]; }
    std::string_view text(TextId id) const { return texts[id]; }
    // Of what is in it; what is reserved for more is not counted.
    std::size_t bytes() const;
};

}  // namespace apiserver
