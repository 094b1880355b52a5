// SPDX-License-Identifier: Apache-2.0
// The watches' side of the store, and time's.
#include "storage/store.hpp"

#include "storage/history/history.hpp"
#include "storage/store_impl.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include <boost/container_hash/hash.hpp>

namespace storage {

namespace {

// Objects have an API server's UIDs: that two are alike by chance is as likely as nothing.
std::uint64_t uid_hash(std::string_view uid) {
    if (uid.empty()) return 0;
    const std::uint64_t hash = boost::hash<std::string_view>{}(uid);
    return hash == 0 ? 1 : hash;
}

bool is_another(std::uint64_t known, std::uint64_t told) {
    return known != 0 && told != 0 && known != told;
}

// Rule 9.
std::uint64_t most_of(std::uint64_t capacity) {
    constexpr std::uint64_t kUnbounded = std::numeric_limits<std::uint64_t>::max();
    return capacity == 0 || capacity > kUnbounded / 2 ? kUnbounded : capacity * 2;
}

}  // namespace

Store::Impl::Impl(StoreOptions given, history::History* history)
    : options{given},
      rules{given.least_window, given.window_bound,
            given.bridge ? given.window_bound : given.window_bound / 2},
      feed{history == nullptr ? nullptr : &history->feed()} {}

Store::Store(StoreOptions options, history::History* history)
    : impl_{std::make_unique<Impl>(options, history)} {}
Store::~Store() = default;

Node* Store::Impl::find_node(std::string_view name) const {
    const auto found = node_by_name.find(name);
    return found == node_by_name.end() ? nullptr : found->second;
}

void Store::put_node(std::string_view name, const Labels& labels, NodeFacts facts) {
    if (name.empty()) return;
    const std::uint64_t uid = uid_hash(facts.uid);
    Node* node = impl_->find_node(name);
    if (node != nullptr && is_another(node->uid, uid)) {
        impl_->forget_node(*node);
        node = nullptr;
    }
    if (node == nullptr) {
        const auto place = impl_->nodes.try_emplace(std::string{name}).first;
        node = &place->second;
        node->name = place->first;
        impl_->node_by_name.emplace(node->name, node);
        if (impl_->feed != nullptr) node->history = impl_->feed->link_node(name);
        node->told = impl_->tick;
    }
    if (uid != 0) node->uid = uid;
    node->most_nanocores = most_of(facts.capacity_nanocores);
    node->list = impl_->node_list;
    impl_->labels.release(std::exchange(node->labels, impl_->labels.hold(labels)));
    if (uid != 0) impl_->claim(*node);
}

void Store::remove_node(std::string_view name) {
    if (Node* node = impl_->find_node(name)) impl_->forget_node(*node);
}

void Store::put_pod(std::string_view name_space, std::string_view name, const Labels& labels,
                    std::string_view uid) {
    if (name_space.empty() || name.empty()) return;
    const std::uint64_t hash = uid_hash(uid);
    Pod* pod = impl_->pods.find({name_space, name});
    if (pod != nullptr && is_another(pod->uid, hash)) {
        impl_->forget_pod(*pod);
        pod = nullptr;
    }
    if (pod == nullptr) pod = &impl_->pods.add({name_space, name});
    if (!pod->known) {
        impl_->tell_history_owner(*pod);
        if (impl_->feed != nullptr) pod->history = impl_->feed->link_pod(name_space, name);
        impl_->unknown.erase(pod);
        impl_->pods.make_known(*pod);
        if (pod->usable) ++impl_->usable_pods;
        impl_->rated_containers += pod->rated;
    }
    if (hash != 0) pod->uid = hash;
    pod->list = impl_->pod_list;
    impl_->labels.release(std::exchange(pod->labels, impl_->labels.hold(labels)));
    impl_->claim(*pod);
}

void Store::remove_pod(std::string_view name_space, std::string_view name) {
    if (Pod* pod = impl_->pods.find({name_space, name})) impl_->forget_pod(*pod);
}

void Store::begin_nodes() {
    ++impl_->node_list;
}

void Store::end_nodes() {
    std::vector<Node*> unlisted;
    for (auto& [name, node] : impl_->nodes) {
        if (node.list != impl_->node_list) unlisted.push_back(&node);
    }
    for (Node* node : unlisted) impl_->forget_node(*node);
}

void Store::begin_pods() {
    ++impl_->pod_list;
}

void Store::end_pods() {
    for (Pod* pod : impl_->pods.take_unlisted(impl_->pod_list)) impl_->forget_pod(*pod);
}

void Store::Impl::forget_node(Node& node) {
    tell_history(node);
    tell_history(lost);
    if (feed != nullptr) feed->unlink_node(node.history);
    for (Pod* pod : node.pods) {
        pod->owner = &lost;
        pod->slot = static_cast<std::uint32_t>(lost.pods.size());
        lost.pods.push_back(pod);
    }
    lost.committed_at = std::max(lost.committed_at, node.committed_at);
    lost_is_settled = false;
    if (node.usable) --usable_nodes;
    if (node.repeating) --repeating_nodes;
    labels.release(node.labels);
    node_by_name.erase(node.name);
    nodes.erase(nodes.find(node.name));
}

void Store::Impl::forget_pod(Pod& pod) {
    tell_history_owner(pod);
    if (feed != nullptr) feed->unlink_pod(pod.history);
    uncount(pod);
    disown(pod);
    unknown.erase(&pod);
    rivals.erase(&pod);
    disputes.forget(pod);
    zeros.erase(&pod);
    labels.release(pod.labels);
    pods.erase(pod);
}

std::vector<DisputedPod> Store::take_disputed() {
    std::vector<DisputedPod> taken;
    for (const Pod* pod : impl_->disputes.take())
        taken.push_back({std::string{pod->name_space->name}, pod->name});
    return taken;
}

void Store::settle(PodKey key, std::string_view uid, std::string_view node) {
    Pod* pod = impl_->pods.find(key);
    if (pod == nullptr || is_another(pod->uid, uid_hash(uid))) return;
    impl_->disputes.settle(*pod, node);
    if (pod->owner == nullptr || pod->owner == &impl_->lost ||
        !impl_->disputes.is_elsewhere(*pod, pod->owner->name))
        return;
    impl_->tell_history_owner(*pod);
    impl_->uncount(*pod);
    impl_->disown(*pod);
    pod->containers.clear();
}

void Store::expire(Monotonic now) {
    impl_->drop_unclaimed(now);
    std::vector<Pod*> aged;
    for (const auto& [pod, named_at] : impl_->unknown) {
        if (now - named_at > impl_->options.unknown_pod_age) aged.push_back(pod);
    }
    for (Pod* pod : aged) impl_->forget_pod(*pod);

    const auto is_old = [&](const auto& entry) { return now - entry.second.seen_at > impl_->rules.served; };
    boost::unordered::erase_if(impl_->rivals, is_old);
    boost::unordered::erase_if(impl_->zeros, is_old);

    // What a silent node's pages gave has run out, all of it.
    auto& recent = impl_->recent;
    while (!recent.empty() && now - recent.front().committed_at > impl_->rules.served) {
        Node& node = recent.front();
        recent.pop_front();
        impl_->settle(node, now);
    }
    if (!impl_->lost_is_settled && now - impl_->lost.committed_at > impl_->rules.served) {
        impl_->settle(impl_->lost, now);
        impl_->lost_is_settled = true;
    }
}

}  // namespace storage
