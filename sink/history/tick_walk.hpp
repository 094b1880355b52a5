// SPDX-License-Identifier: Apache-2.0
// Tells a format the rows of one tick, a piece at a time: nodes, pods each with its containers, namespaces,
// the cluster. History may change between pieces: it goes on by name.
#pragma once

#include "sink/format.hpp"
#include "storage/history/history.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sink {

using KnowsNode = std::function<bool(std::string_view node)>;

// Nodes that were told without figures: at the tick before, and at this one.
struct Silence {
    std::set<std::string, std::less<>> before;
    std::set<std::string, std::less<>> now;
};

class TickWalk {
  public:
    // REQUIRES: the tick is over; format.begin() was called with it. All must outlive it.
    TickWalk(const storage::history::History& history, const TickSpan& tick, Format& format,
             const KnowsNode& knows_node, Silence& silence)
        : history_{history}, tick_{tick}, format_{format}, knows_node_{knows_node}, silence_{silence} {}

    // Some hundred microseconds' worth. False: those were the last.
    bool next();

  private:
    enum class Part { nodes, pods, namespaces, cluster, done };

    // Reads what it has at both ticks.
    void read(Row& row, const storage::history::Subject& subject);
    // Where it has any.
    void tell(Row& row, const storage::history::Subject& subject);
    void tell_node(std::string_view name);
    void tell_pod(const storage::history::KnownPod& pod);
    void next_nodes();
    void next_pods();
    void next_namespaces();

    const storage::history::History& history_;
    const TickSpan& tick_;
    Format& format_;
    const KnowsNode& knows_node_;
    Silence& silence_;
    Part part_ = Part::nodes;
    // Behind which it goes on.
    std::string after_namespace_, after_;
    std::vector<storage::history::RecentPoint> points_;
};

}  // namespace sink
