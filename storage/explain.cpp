// SPDX-License-Identifier: Apache-2.0
#include "storage/explain.hpp"

#include "storage/store_impl.hpp"

namespace storage {
namespace {

Lack lost(const Points& points) {
    switch (points.lost) {
        case Points::Lost::clock_set:
            return Lack::clock_set;
        case Points::Lost::impossible:
            return Lack::impossible;
        case Points::Lost::nothing:
            break;
    }
    return Lack::one_sample;
}

// Of what the last page should have held. `page_at`: of that page.
Lack lack_of(const Points& points, bool twice, Monotonic page_at, Monotonic now, const WindowRules& rules) {
    switch (standing(points, now, rules)) {
        case Standing::rated:
            return Lack::none;
        case Standing::unborn:
            return Lack::young;
        case Standing::unrated:
            break;
    }
    if (!is_stale(points, now, rules)) return lost(points);
    if (now - page_at > rules.served) return Lack::stale;
    return twice ? Lack::twice : Lack::unmeasured;
}

std::optional<Usage> usage_if(Lack lack, const Points& points) {
    if (lack != Lack::none) return std::nullopt;
    return usage_of(points);
}

ContainerExplanation explain(const Container& container, Monotonic page_at, Monotonic now,
                             const WindowRules& rules) {
    ContainerExplanation out;
    out.name = container.name.text();
    out.lack =
        container.present ? lack_of(container.points, container.twice, page_at, now, rules) : Lack::ended;
    out.points = container.points;
    out.usage = usage_if(out.lack, container.points);
    return out;
}

PodExplanation::Verdict verdict_on(const PodExplanation& pod) {
    using Verdict = PodExplanation::Verdict;
    if (pod.containers.empty()) return Verdict::no_line;
    Verdict verdict = Verdict::no_container;
    for (const ContainerExplanation& container : pod.containers) {
        if (container.lack == Lack::ended || container.lack == Lack::young) continue;
        if (container.lack != Lack::none) return Verdict::container;
        verdict = Verdict::served;
    }
    return verdict;
}

}  // namespace

std::optional<NodeExplanation> Store::explain_node(std::string_view name, Monotonic now) const {
    const Node* node = impl_->find_node(name);
    if (node == nullptr) return std::nullopt;
    NodeExplanation out;
    out.lack = lack_of(node->points, node->twice, node->committed_at, now, impl_->rules);
    if (node->committed_at == Monotonic{}) out.lack = Lack::no_page;
    out.points = node->points;
    out.usage = usage_if(out.lack, node->points);
    out.page_at = node->committed_at;
    out.pods = node->pods.size();
    return out;
}

PodExplanation Store::explain_pod(std::string_view name_space, std::string_view name, Monotonic now) const {
    PodExplanation out;
    const Pod* pod = impl_->pods.find({name_space, name});
    if (pod == nullptr) return out;
    if (pod->owner != nullptr) {
        out.node = pod->owner->name;
        out.page_at = pod->owner->committed_at;
    }
    const auto rival = impl_->rivals.find(pod);
    if (rival != impl_->rivals.end() && now - rival->second.seen_at <= impl_->rules.served)
        out.rival = Rival{rival->second.node, rival->second.seen_at};
    for (const Container& container : pod->containers) {
        // It goes with the owner's next page.
        if (!container.present && is_stale(container.points, now, impl_->rules)) continue;
        out.containers.push_back(explain(container, out.page_at, now, impl_->rules));
    }
    if (pod->known) out.verdict = verdict_on(out);
    const bool lives_nowhere = out.verdict == PodExplanation::Verdict::no_line ||
                               out.verdict == PodExplanation::Verdict::no_container;
    const auto zeros = impl_->zeros.find(pod);
    if (lives_nowhere && zeros != impl_->zeros.end() && now - zeros->second.seen_at <= impl_->rules.served) {
        out.verdict = PodExplanation::Verdict::zeros;
        out.node = zeros->second.node;
        out.page_at = zeros->second.seen_at;
    }
    return out;
}

std::chrono::nanoseconds Store::bound() const {
    return impl_->rules.served;
}

std::chrono::nanoseconds Store::fresh_age() const {
    return impl_->rules.fresh_age();
}

}  // namespace storage
