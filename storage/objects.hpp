// SPDX-License-Identifier: Apache-2.0
// What the store knows of nodes and pods.
#pragma once

#include "storage/history/feed.hpp"
#include "storage/kubelet_clock.hpp"
#include "storage/names/labels.hpp"
#include "storage/names/name_limits.hpp"
#include "storage/names/names.hpp"
#include "storage/points.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <boost/intrusive/list_hook.hpp>

namespace storage {

struct Pod;

// A place in at most one list, given up with the object.
using AutoUnlink =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

struct Container {
    Names::Name name;
    Points points;
    // Its line was on the last complete page, or on a later partial one. If not it is away: not served, and
    // kept only to recognise a repeated sample.
    bool present = false;
    // The last page that shows it contradicts itself.
    bool twice = false;
};
static_assert(sizeof(Container) <= 104, "a cluster has hundreds of thousands of them");

// Linked into Store::Impl::recent until expire() finds it silent.
struct Node : AutoUnlink {
    std::string_view name;
    LabelSetId labels = kNoLabels;
    // The watch list that showed it last.
    std::uint32_t list = 0;
    // A hash of the UID that the watch shows; 0: unknown.
    std::uint64_t uid = 0;
    std::uint64_t most_nanocores = std::numeric_limits<std::uint64_t>::max();
    Points points;
    KubeletClock clock;
    Monotonic committed_at{};
    // The last page with a sample that was new.
    Monotonic moved_at{};
    // Counted as having usage, and as repeating its samples.
    bool usable = false;
    bool repeating = false;
    bool twice = false;
    // In history, and the last tick (Store::Impl::tick) that its figures are told for.
    history::Link history = history::kNowhere;
    std::uint32_t told = 0;
    // Those it owns; each knows its place (Pod::slot).
    std::vector<Pod*> pods;
    // For each row of its last page its pod, if the node owns it; null: look it up. Pages repeat their order.
    std::vector<Pod*> row_pods;
};

struct Namespace {
    std::string_view name;
    // Pods that the watch shows, by name.
    std::vector<Pod*> known;
    // Known and unknown ones. The namespace goes with its last pod.
    std::size_t pods = 0;
};

struct Pod {
    Namespace* name_space = nullptr;
    std::string name;
    // The node whose pages count; null: none yet.
    Node* owner = nullptr;
    std::uint32_t slot = 0;
    // In history.
    history::Link history = history::kNowhere;
    LabelSetId labels = kNoLabels;
    // By name.
    std::vector<Container> containers;
    // The last commit whose page names it, and its group of rows there.
    std::uint64_t page = 0;
    // A hash of the UID that the watch shows; 0: unknown.
    std::uint64_t uid = 0;
    std::uint32_t group = 0;
    // The watch list that showed it last.
    std::uint32_t list = 0;
    // What the totals hold of it: containers with a rate, and whether that makes it served.
    std::uint32_t rated = 0;
    bool usable = false;
    // The watch shows it.
    bool known = false;
};

// What is kept of a pod that only pages name, at most: its names at their longest and a namespace of its own,
// and of each of its containers. test/storage measures both.
inline constexpr std::size_t kUnknownPodBytes = 896;
inline constexpr std::size_t kUnknownContainerBytes = 320;
static_assert(sizeof(Pod) + sizeof(Namespace) + kPodNameBytes + kNamespaceBytes < kUnknownPodBytes);
static_assert(sizeof(Container) + kContainerNameBytes < kUnknownContainerBytes);

}  // namespace storage
