// SPDX-License-Identifier: Apache-2.0
#include "sink/history/tick_walk.hpp"

namespace sink {
namespace {

using storage::history::KnownPod;
using storage::history::OfCluster;
using storage::history::OfContainer;
using storage::history::OfNamespace;
using storage::history::OfNode;
using storage::history::OfPod;

// To read a container of which there is an hour takes some 10 us.
constexpr std::size_t kThings = 32;

}  // namespace

bool TickWalk::next() {
    switch (part_) {
        case Part::nodes:
            next_nodes();
            break;
        case Part::pods:
            next_pods();
            break;
        case Part::namespaces:
            next_namespaces();
            break;
        case Part::cluster: {
            Row row;
            row.of = Row::Of::cluster;
            tell(row, OfCluster{});
            part_ = Part::done;
            break;
        }
        case Part::done:
            break;
    }
    return part_ != Part::done;
}

void TickWalk::read(Row& row, const storage::history::Subject& subject) {
    const Seconds from = tick_.before == 0 ? tick_.at : tick_.before;
    history_.read(subject, {from, tick_.at}, points_);
    if (points_.empty()) return;
    if (points_.back().at == tick_.at) row.now = points_.back();
    if (tick_.before != 0 && points_.front().at == tick_.before) row.before = points_.front();
}

void TickWalk::tell(Row& row, const storage::history::Subject& subject) {
    read(row, subject);
    if (row.now || row.before) format_.add(row);
}

// A node that has no figures is told as long as it is there, so that somebody sees that.
void TickWalk::tell_node(std::string_view name) {
    Row row;
    row.of = Row::Of::node;
    row.node = name;
    read(row, OfNode{name});
    const bool was_told = row.before || silence_.before.contains(name);
    row.is_known = row.now || (knows_node_ ? knows_node_(name) : row.before.has_value());
    if (was_told || row.is_known) format_.add(row);
    if (row.is_known && !row.now) silence_.now.emplace(name);
}

void TickWalk::next_nodes() {
    std::size_t left = kThings;
    std::string last;
    history_.walk_nodes(after_, [&](std::string_view name) {
        tell_node(name);
        last = name;
        return --left != 0;
    });
    after_ = left == 0 ? last : std::string{};
    if (left != 0) part_ = Part::pods;
}

void TickWalk::tell_pod(const KnownPod& pod) {
    Row row;
    row.of = Row::Of::pod;
    row.name_space = pod.name_space;
    row.pod = pod.name;
    row.node = pod.node;
    tell(row, OfPod{pod.name_space, pod.name});
    for (const std::string_view container : pod.containers) {
        Row each = row;
        each.of = Row::Of::container;
        each.container = container;
        each.now.reset();
        each.before.reset();
        tell(each, OfContainer{pod.name_space, pod.name, container});
    }
}

void TickWalk::next_pods() {
    std::size_t left = kThings;
    std::string last_namespace, last;
    bool full = false;
    history_.walk_pods({}, after_namespace_, after_, [&](const KnownPod& pod) {
        tell_pod(pod);
        last_namespace = pod.name_space;
        last = pod.name;
        const std::size_t told = 1 + pod.containers.size();
        full = told >= left;
        left -= full ? left : told;
        return !full;
    });
    after_namespace_ = full ? last_namespace : std::string{};
    after_ = full ? last : std::string{};
    if (!full) part_ = Part::namespaces;
}

void TickWalk::next_namespaces() {
    std::size_t left = kThings;
    std::string last;
    history_.walk_namespaces(after_, [&](std::string_view name) {
        Row row;
        row.of = Row::Of::name_space;
        row.name_space = name;
        tell(row, OfNamespace{name});
        last = name;
        return --left != 0;
    });
    after_ = left == 0 ? last : std::string{};
    if (left != 0) part_ = Part::cluster;
}

}  // namespace sink
