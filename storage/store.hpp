// SPDX-License-Identifier: Apache-2.0
// The known nodes and pods, the last two points of each container, and the usage they give.
//
// Values and time only. Time comes in as an argument: `now` is our monotonic clock; everything in a page is
// the kubelet's clock; only distances of the two are compared. Not thread safe: one thread owns it.
//
// The rules (docs/decisions/0003-points-and-windows.md says why):
//  1. A container has a last and a previous point. Usage is (last - previous) / (their times).
//     A repeated sample (same time), or one too near to the last, changes nothing. A distance that our own
//     clock contradicts makes none, nor does one that is too long.
//  2. A container that started within the window bound before its sample has the previous point (start, 0).
//  3. A container that started anew, or whose counter fell, forgets its points.
//  4. A sample is served until window_bound after the last page that held its line (a missed or partial page
//     leaves everything as it was).
//  5. A container absent from a complete page is away: its pod is served without it.
//  6. A pod is served when it is known to the watch and each of its present containers has a rate.
//  7. A pod that two nodes show is the first one's while its points count, until settle() says whose it is.
//  8. Another UID under a name is another object: it begins with nothing.
//  9. No rate is over twice its node's capacity.
#pragma once

#include "storage/names/labels.hpp"
#include "storage/node_page.hpp"
#include "storage/usage.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

struct StoreOptions {
    // Rules 2 and 4: 2 x resolution + request timeout (a missed scrape leaves no hole).
    std::chrono::nanoseconds window_bound{std::chrono::seconds{40}};
    // Rule 1: a tenth of the resolution.
    std::chrono::nanoseconds least_window{std::chrono::milliseconds{1500}};
    // Off: a failed or partial page leaves nothing behind, as metrics-server does it. The store is not told
    // of failures, so then samples end at half the window bound (one resolution and a half request timeout):
    // a page that follows its predecessor in time just makes it, one missed page does not.
    bool bridge = true;
    // Pods that a page names and the watch has not shown (yet): how many, and for how long they are kept
    // after the last page that named them.
    std::size_t unknown_pods = 20'000;
    std::chrono::nanoseconds unknown_pod_age{std::chrono::seconds{30}};
};

struct NodeView {
    std::string_view name;
    LabelSetId labels = 0;
    // nullopt: known, but no usage (yet, or any more).
    std::optional<Usage> usage;
};

struct ContainerView {
    std::string_view name;
    Usage usage;
};

struct PodView {
    std::string_view name_space;
    std::string_view name;
    LabelSetId labels = 0;
    // Those of the container with the earliest timestamp, as in metrics-server. Zero without containers.
    Nanos timestamp = 0;
    std::chrono::nanoseconds window{0};
    // Sorted by name. Empty: known, but no usage.
    std::vector<ContainerView> containers;
};

// The newest sample of a container or node, as its kubelet told it: each figure with its own time.
struct SampleView {
    // CPU nanoseconds since the start.
    Reading cpu;
    Reading memory;
    // nullopt: the kubelet does not report it.
    std::optional<Reading> swap;
    // Start of the container; 0: not reported. A node has none.
    Nanos started = 0;
};

struct NodeSampleView {
    std::string_view name;
    // nullopt: known, but nothing is served of it.
    std::optional<SampleView> sample;
};

struct ContainerSampleView {
    std::string_view name;
    SampleView sample;
};

struct PodSamplesView {
    std::string_view name_space;
    std::string_view name;
    // The node whose kubelet told them; empty: none, or one that is no longer known.
    std::string_view node;
    // Sorted by name: those that PodView has.
    std::vector<ContainerSampleView> containers;
};

struct PodKey {
    std::string_view name_space;
    std::string_view name;
};

// What a commit did, for metrics and logs.
struct CommitResult {
    // Complete rows that were taken.
    std::uint32_t containers = 0;
    // Those of them whose only sample is too near to their start to say anything.
    std::uint32_t unborn = 0;
    // Rows left out: pods owned by another node, unknown ones over the limit, rows without a full name.
    std::uint32_t foreign = 0;
    std::uint32_t over_limit = 0;
    std::uint32_t nameless = 0;
    // Nodes and containers whose lines contradict each other.
    std::uint32_t twice = 0;
    // Samples after which the node's clock turned out to have been set, and rates over the node's capacity.
    std::uint32_t clock_set = 0;
    std::uint32_t impossible = 0;
    // The first of the latter; views into the page. Empty names: the node.
    PageRow first_impossible;
    bool node_has_usage = false;
    // Nothing on its pages has moved for a long time.
    bool repeating = false;
};

// A pod that two nodes show, for which the API server is to be asked.
struct DisputedPod {
    std::string name_space;
    std::string name;
};

// What the watch shows of a node beside its labels.
struct NodeFacts {
    // Empty: unknown.
    std::string_view uid{};
    // status.capacity.cpu; 0: unknown.
    std::uint64_t capacity_nanocores = 0;
};

namespace history {
class History;
}

struct NodeExplanation;
struct PodExplanation;
struct SavedNode;

class Store {
  public:
    // history: null for none; must outlive the store.
    explicit Store(StoreOptions options, history::History* history = nullptr);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // What the watches say. Adding what is known replaces its labels and keeps its points. Names are not
    // empty: an object without one is ignored.
    void put_node(std::string_view name, const Labels& labels, NodeFacts facts = {});
    void remove_node(std::string_view name);
    // uid empty: unknown.
    void put_pod(std::string_view name_space, std::string_view name, const Labels& labels,
                 std::string_view uid = {});
    void remove_pod(std::string_view name_space, std::string_view name);

    // A whole list came: between the calls put_* as above; end_* removes what was not put since begin_*.
    void begin_nodes();
    void end_nodes();
    void begin_pods();
    void end_pods();

    // A page of a known node, taken at `now`. An unknown node's page is dropped.
    CommitResult commit(std::string_view node, const NodePage& page, Monotonic now);

    // Rule 7. The pods that have come to be disputed since the last call; one that is not settled comes again
    // after a while.
    std::vector<DisputedPod> take_disputed();
    // What the API server says of one. A pod of another UID than the watch shows settles nothing.
    void settle(PodKey pod, std::string_view uid, std::string_view node);

    // History: a tick of the clock ends now, `now_unix` in Unix seconds. What is served at this moment goes
    // into it, each node's share when something about it changes next, and that of the rest with
    // sweep_tick().
    void end_tick(std::int64_t now_unix, Monotonic now);
    // Tells history the share of some nodes. False: all is told. Call it until then before the next tick
    // ends.
    bool sweep_tick(std::size_t nodes);

    // Drops what no page will need any more, and unknown pods past their age. Cheap; call it every few
    // seconds.
    void expire(Monotonic now);

    // What outlives the process (storage/saved_points.hpp): the points of the first node after the name that
    // has some, and of its pods. nullopt: there is none. Those whose UID is not known are left out.
    std::optional<SavedNode> save_points(std::string_view after) const;
    // They wait until the watch shows the node and the pods, with the same UIDs, and are theirs from then on;
    // expire() drops what nobody has come for after a while. Times in them are of this process's clock.
    void restore_points(SavedNode node, Monotonic now);

    // Point reads. nullopt / false: the object is not known.
    std::optional<NodeView> node(std::string_view name, Monotonic now) const;
    bool pod(std::string_view name_space, std::string_view name, Monotonic now, PodView& out) const;

    // Why it is served, or is not: storage/explain.hpp.
    std::optional<NodeExplanation> explain_node(std::string_view name, Monotonic now) const;
    PodExplanation explain_pod(std::string_view name_space, std::string_view name, Monotonic now) const;
    // How long a sample is served (rule 4).
    std::chrono::nanoseconds bound() const;
    // How old a container is at least at its first sample that is served.
    std::chrono::nanoseconds fresh_age() const;

    // Ordered reads: nodes by name, pods by (namespace, name). A walk covers the run of rows between two
    // waits; it starts after the key, an empty key being before all. name_space empty: all pods. `visit`
    // returns false to stop; the key of the last row resumes the walk. Views are valid during the visit only.
    void walk_nodes(std::string_view after, Monotonic now,
                    const std::function<bool(const NodeView&)>& visit) const;
    void walk_pods(std::string_view name_space, PodKey after, Monotonic now,
                   const std::function<bool(const PodView&)>& visit) const;
    // The same; pods that `wanted`, asked by names and labels alone, refuses are visited without containers.
    void walk_pods(std::string_view name_space, PodKey after, Monotonic now,
                   const std::function<bool(const PodView&)>& wanted,
                   const std::function<bool(const PodView&)>& visit) const;

    // The samples behind what is served, in the same order and by the same rules.
    void walk_node_samples(std::string_view after, Monotonic now,
                           const std::function<bool(const NodeSampleView&)>& visit) const;
    void walk_pod_samples(PodKey after, Monotonic now,
                          const std::function<bool(const PodSamplesView&)>& visit) const;

    // The labels of an id from a view. Valid until the watch changes the object.
    const Labels& labels(LabelSetId id) const;
    // Changes when the id gets another meaning.
    std::uint32_t label_generation(LabelSetId id) const;

    // Readiness and own metrics: whether some node or pod would be served, and how many nodes, and containers
    // of known pods, have a rate, as of each node's last commit and the last expire().
    bool has_node_usage() const;
    bool has_pod_usage() const;
    std::size_t rated_node_count() const;
    // Nodes whose pages come and do not move.
    std::size_t repeating_node_count() const;
    std::size_t node_count() const;
    std::size_t pod_count() const;
    std::size_t container_count() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace storage
