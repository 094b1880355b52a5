// SPDX-License-Identifier: Apache-2.0
#include "series/subjects.hpp"

#include <algorithm>

namespace series {
namespace {

using storage::history::KnownPod;

// Found in one call, and looked at for it.
constexpr std::size_t kFound = 64;
constexpr std::size_t kLookedAt = 512;

}  // namespace

Subjects::Subjects(const storage::history::History& history, Kind kind, Keys keys,
                   std::span<const query::Matcher> matchers)
    : history_{history},
      kind_{kind},
      keys_{keys},
      matchers_{matchers},
      namespaces_{query::literals_of(matchers_, "namespace")},
      pods_{keys == Keys::all ? query::literals_of(matchers_, "pod") : nullptr},
      nodes_{query::literals_of(matchers_, "node")} {
    if (nodes_ == nullptr) nodes_ = query::literals_of(matchers_, "instance");
}

bool Subjects::next(std::vector<Thing>& out) {
    out.clear();
    if (kind_ == Kind::node) return next_nodes(out);
    return pods_ != nullptr ? next_named_pods(out) : next_pods(out);
}

bool Subjects::next_nodes(std::vector<Thing>& out) {
    bool more = false;
    std::size_t seen = 0;
    const auto visit = [&](std::string_view name) {
        if (more = out.size() == kFound || seen++ == kLookedAt; more) return false;
        if (query::may_be(matchers_, "node", name)) out.push_back({{}, {}, {}, std::string{name}});
        after_ = name;
        return true;
    };
    if (nodes_ == nullptr) {
        // `after_` is what the walk begins behind: it must not change under it.
        const std::string after = after_;
        history_.walk_nodes(after, visit);
        return more;
    }
    for (; named_ < nodes_->size() && out.size() < kFound; ++named_)
        if (const std::string& name = (*nodes_)[named_]; history_.has_node(name))
            out.push_back({{}, {}, {}, name});
    return named_ < nodes_->size();
}

bool Subjects::take(const KnownPod& pod, std::vector<Thing>& out) const {
    if (!query::may_be(matchers_, "namespace", pod.name_space) ||
        !query::may_be(matchers_, "node", pod.node) || !query::may_be(matchers_, "instance", pod.node))
        return false;
    if (keys_ == Keys::all && !query::may_be(matchers_, "pod", pod.name)) return false;
    Thing thing{std::string{pod.name_space}, std::string{pod.name}, {}, std::string{pod.node}};
    if (kind_ == Kind::pod) {
        out.push_back(std::move(thing));
        return true;
    }
    for (const std::string_view container : pod.containers) {
        if (!query::may_be(matchers_, "container", container)) continue;
        thing.container = container;
        out.push_back(thing);
    }
    return true;
}

// Each namespace that is named, or all of them.
bool Subjects::next_pods(std::vector<Thing>& out) {
    bool more = false;
    std::size_t seen = 0;
    const std::string after_namespace = after_namespace_, after = after_;
    const bool one = namespaces_ != nullptr;
    if (one && named_namespace_ == namespaces_->size()) return false;
    const std::string_view within =
        one ? std::string_view{(*namespaces_)[named_namespace_]} : std::string_view{};
    // No pod is in a namespace without a name, and to a walk it means all.
    if (one && within.empty()) return ++named_namespace_ < namespaces_->size();
    history_.walk_pods(within, after_namespace, after, [&](const KnownPod& pod) {
        if (more = out.size() >= kFound || seen++ == kLookedAt; more) return false;
        take(pod, out);
        after_namespace_ = pod.name_space;
        after_ = pod.name;
        return true;
    });
    if (more || !one) return more;
    after_namespace_.clear();
    after_.clear();
    return ++named_namespace_ < namespaces_->size();
}

bool Subjects::next_named_pods(std::vector<Thing>& out) {
    KnownPod pod;
    std::size_t seen = 0;
    const auto look_in = [&](std::string_view name_space) {
        for (; named_ < pods_->size(); ++named_) {
            if (out.size() >= kFound || seen++ == kLookedAt) return false;
            if (history_.pod(name_space, (*pods_)[named_], pod)) take(pod, out);
        }
        named_ = 0;
        return true;
    };
    if (namespaces_ != nullptr) {
        for (; named_namespace_ < namespaces_->size(); ++named_namespace_)
            if (!look_in((*namespaces_)[named_namespace_])) return true;
        return false;
    }
    bool more = false;
    const std::string after = after_namespace_;
    history_.walk_namespaces(after, [&](std::string_view name) {
        // The one that it was in may be gone.
        if (after_ != name) named_ = 0;
        after_ = name;
        if (more = !look_in(name); more) return false;
        after_namespace_ = name;
        return true;
    });
    return more;
}

}  // namespace series
