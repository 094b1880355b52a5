// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list/walk.hpp"

#include <utility>

namespace apiserver {
namespace {

// A piece ends after this many rows even if the selectors left out most of them.
constexpr std::size_t kPieceRows = 2000;

}  // namespace

bool LabelFilter::accepts(const storage::Store& store, storage::LabelSetId id) {
    if (selector_.empty()) return true;
    const std::uint32_t generation = store.label_generation(id);
    const auto [entry, is_new] = verdicts_.try_emplace(id);
    Verdict& verdict = entry->second;
    if (is_new || verdict.generation != generation)
        verdict = {generation, selector_.matches(store.labels(id))};
    return verdict.accepted;
}

ListWalk::ListWalk(const storage::Store& store, ListScope scope, std::unique_ptr<Encoder> encoder,
                   std::function<storage::Monotonic()> clock, Freshness* freshness)
    : store_{store},
      scope_{std::move(scope)},
      encoder_{std::move(encoder)},
      clock_{std::move(clock)},
      freshness_{freshness},
      labels_{scope_.labels},
      node_selector_{scope_.node_selector} {}

bool ListWalk::advance(std::string& out, std::size_t size) {
    return is_of_nodes() ? advance_nodes(out, size) : advance_pods(out, size);
}

bool ListWalk::advance_nodes(std::string& out, std::size_t size) {
    std::size_t rows = 0;
    bool more = false;
    const storage::Nanos wall_clock = freshness_ != nullptr ? freshness_->now() : 0;
    const std::string after = after_name_;
    store_.walk_nodes(after, clock_(), [&](const storage::NodeView& node) {
        const bool wanted = node.usage && labels_.accepts(store_, node.labels) &&
                            node_selector_.accepts(store_, node.labels) &&
                            scope_.fields.matches({}, node.name);
        if (wanted) encoder_->item(out, row_of(node));
        if (wanted && freshness_ != nullptr) freshness_->observe(wall_clock, node.usage->timestamp);
        more = ++rows == kPieceRows || out.size() >= size;
        if (more) after_name_ = node.name;
        return !more;
    });
    return more;
}

bool ListWalk::advance_pods(std::string& out, std::size_t size) {
    std::size_t rows = 0;
    bool more = false;
    const storage::Nanos wall_clock = freshness_ != nullptr ? freshness_->now() : 0;
    const std::string after_namespace = after_namespace_;
    const std::string after_name = after_name_;
    const storage::PodKey after{after_namespace, after_name};
    const auto wanted = [&](const storage::PodView& pod) {
        return labels_.accepts(store_, pod.labels) && scope_.fields.matches(pod.name_space, pod.name);
    };
    const auto* only = std::get_if<PodsOf>(&scope_.of);
    // The store's word for all of them is the empty name.
    const std::string_view name_space = only == nullptr ? std::string_view{} : only->name_space;
    store_.walk_pods(name_space, after, clock_(), wanted, [&](const storage::PodView& pod) {
        const bool given = !pod.containers.empty();
        if (given) encoder_->item(out, row_of(pod));
        if (given && freshness_ != nullptr) freshness_->observe(wall_clock, pod.timestamp);
        more = ++rows == kPieceRows || out.size() >= size;
        if (more) after_namespace_ = pod.name_space, after_name_ = pod.name;
        return !more;
    });
    return more;
}

}  // namespace apiserver
