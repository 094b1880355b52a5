// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshot/snapshot.hpp"

#include "storage/snapshot/bytes.hpp"
#include "storage/snapshot/points_bytes.hpp"

#include <algorithm>
#include <utility>

namespace storage::snapshot {
namespace {

using std::chrono::milliseconds;

// As long as a window may be at most: WindowRules::longest().
constexpr int kUsefulBounds = 3;
// Some 9,000 years.
constexpr std::uint64_t kMostMilliseconds = std::uint64_t{1} << 48;

}  // namespace

SnapshotWriter::SnapshotWriter(const Store& store, const history::History* history,
                               const stats::StatsHistory* stats)
    : store_{store} {
    if (history != nullptr) history_.emplace(*history);
    if (stats != nullptr) stats_.emplace(*stats);
}

std::optional<Section> SnapshotWriter::next(Now now) {
    if (!done_) {
        if (auto section = next_points(now)) return section;
    }
    if (history_) {
        if (auto section = history_->next()) return section;
    }
    return stats_ ? stats_->next() : std::nullopt;
}

std::optional<Section> SnapshotWriter::next_points(Now now) {
    Bytes bytes;
    bytes.put(static_cast<std::uint64_t>(std::max<std::int64_t>(now.unix_time.count(), 0)));
    const std::size_t empty = bytes.size();
    while (bytes.size() < kSectionBytes) {
        const std::optional<SavedNode> node = store_.save_points(node_);
        if (!node) {
            done_ = true;
            break;
        }
        node_ = node->name;
        Bytes one;
        put_node(one, *node, now.monotonic);
        if (one.size() < kMostSectionBytes - kSectionBytes) bytes.append(one.take());
    }
    if (bytes.size() == empty) return std::nullopt;
    return Section{SectionKind::points, bytes.take()};
}

SnapshotLoader::SnapshotLoader(Store& store, history::History* history, stats::StatsHistory* stats)
    : store_{store} {
    if (history != nullptr) history_.emplace(*history);
    if (stats != nullptr) stats_.emplace(*stats);
}

std::string_view SnapshotLoader::load(SectionKind kind, std::string_view bytes, Now now) {
    switch (kind) {
        case SectionKind::points:
            return load_points(bytes, now);
        case SectionKind::sums:
        case SectionKind::nodes:
        case SectionKind::pods:
            return history_ ? history_->load(bytes) : std::string_view{};
        case SectionKind::summaries:
            return stats_ ? stats_->load(bytes) : std::string_view{};
    }
    return "a section is of an unknown kind";
}

const Loaded& SnapshotLoader::loaded() {
    if (history_) loaded_.history = history_->loaded();
    if (stats_) loaded_.stats = stats_->loaded();
    return loaded_;
}

std::string_view SnapshotLoader::load_points(std::string_view text, Now now) {
    BytesReader bytes{text};
    const milliseconds told_at{bytes.number(kMostMilliseconds)};
    loaded_.told_at = std::max(loaded_.told_at, told_at);
    // How long ago by the wall clock. One that was set back a little has not moved; of one that was set back
    // by more nobody knows how long it was.
    const milliseconds ago = now.unix_time - told_at;
    const auto bound = std::chrono::floor<milliseconds>(store_.bound());
    if (ago > kUsefulBounds * bound || ago < -bound) {
        loaded_.outdated_points = true;
        return "";
    }
    const Monotonic then = now.monotonic - std::max(ago, milliseconds{0});
    while (!bytes.at_end()) {
        SavedNode node;
        if (!take_node(bytes, node, then)) break;
        if (node.name.empty()) continue;
        ++loaded_.nodes;
        loaded_.pods += node.pods.size();
        store_.restore_points(std::move(node), now.monotonic);
    }
    return bytes.failed() ? "the points of a node are broken" : "";
}

}  // namespace storage::snapshot
