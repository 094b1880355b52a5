// SPDX-License-Identifier: Apache-2.0
// The store's points outlive the process: they are told as values, and those of before wait until the watch
// shows an object of the same UID. An unknown UID is nobody's.
#include "storage/store_impl.hpp"

#include <utility>

namespace storage {
namespace {

// Pods and nodes are listed at the start; what is not there by then is gone.
constexpr int kWaitAges = 4;

Points saved(Points points, const KubeletClock& clock) {
    const bool comparable = points.clock == clock.setting() && clock.is_settled();
    points.clock = comparable ? kPresentSetting : kOtherSetting;
    return points;
}

// The clock of a node that was not seen yet has the setting 0, and so have points under its present one.
static_assert(kPresentSetting == 0);

SavedPod saved(const Pod& pod, const KubeletClock& clock) {
    SavedPod out{std::string{pod.name_space->name}, pod.name, pod.uid, {}};
    out.containers.reserve(pod.containers.size());
    for (const Container& container : pod.containers)
        out.containers.push_back({std::string{container.name.text()}, saved(container.points, clock),
                                  container.present, container.twice});
    return out;
}

}  // namespace

std::optional<SavedNode> Store::save_points(std::string_view after) const {
    for (auto at = impl_->nodes.upper_bound(after); at != impl_->nodes.end(); ++at) {
        const Node& node = at->second;
        if (node.uid == 0 || node.committed_at == Monotonic{}) continue;
        SavedNode out{at->first,     node.uid, saved(node.points, node.clock), node.twice, node.committed_at,
                      node.moved_at, {}};
        out.pods.reserve(node.pods.size());
        for (const Pod* pod : node.pods) {
            if (pod->known && pod->uid != 0 && !pod->containers.empty())
                out.pods.push_back(saved(*pod, node.clock));
        }
        return out;
    }
    return std::nullopt;
}

void Store::restore_points(SavedNode node, Monotonic now) {
    impl_->restored_at = now;
    const SavedNode* const kept = impl_->restored.add(std::move(node));
    if (kept == nullptr) return;
    if (Node* known = impl_->find_node(kept->name)) impl_->claim(*known);
}

void Store::Impl::claim(Node& node) {
    if (restored.empty()) return;
    SavedNode* const waiting = restored.node(node.name);
    if (waiting == nullptr || node.uid == 0 || waiting->uid != node.uid) return;
    // Its pages say more; and a node that comes back later begins with nothing.
    if (node.committed_at == Monotonic{} && waiting->committed_at != Monotonic{}) {
        tell_history(node);
        node.points = waiting->points;
        node.twice = waiting->twice;
        node.committed_at = std::exchange(waiting->committed_at, {});
        node.moved_at = waiting->moved_at;
        link_by_commit(node);
        count(node, restored_at);
    }
    for (const SavedPod& saved : waiting->pods) {
        Pod* const pod = pods.find({saved.name_space, saved.name});
        if (pod != nullptr) claim(*pod);
    }
}

void Store::Impl::claim(Pod& pod) {
    if (restored.empty() || !pod.known || pod.owner != nullptr || pod.uid == 0) return;
    const PodKey key{pod.name_space->name, pod.name};
    const Restored::Place place = restored.pod(key);
    if (place.node == nullptr || place.pod->uid != pod.uid) return;
    Node* const node = find_node(place.node->name);
    if (node == nullptr || node->uid != place.node->uid || disputes.is_elsewhere(pod, node->name)) return;
    tell_history(*node);
    pod.owner = node;
    pod.slot = static_cast<std::uint32_t>(node->pods.size());
    node->pods.push_back(&pod);
    pod.containers.clear();
    pod.containers.reserve(place.pod->containers.size());
    for (const SavedContainer& saved : place.pod->containers)
        pod.containers.push_back({names.hold(saved.name), saved.points, saved.present, saved.twice});
    count(pod, restored_at);
    restored.take_pod(key);
}

void Store::Impl::link_by_commit(Node& node) {
    if (restored_at - node.committed_at > rules.served) return;
    if (node.is_linked()) node.unlink();
    auto at = recent.begin();
    while (at != recent.end() && at->committed_at <= node.committed_at) ++at;
    recent.insert(at, node);
}

void Store::Impl::drop_unclaimed(Monotonic now) {
    if (!restored.empty() && now - restored_at > kWaitAges * options.unknown_pod_age) restored.clear();
}

}  // namespace storage
