// SPDX-License-Identifier: Apache-2.0
// The part of the store and of both histories that outlives the process: a sequence of sections. They are
// made piece by piece, so that other work can go on between, and taken in again one by one. Values and time
// only.
//
// A snapshot is not of one moment: each series and each node's points are whole as of the moment of their
// section, and what comes or goes meanwhile may be in it or not.
#pragma once

#include "storage/history/history.hpp"
#include "storage/snapshot/history_sections.hpp"
#include "storage/snapshot/section.hpp"
#include "storage/snapshot/stats_sections.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace storage::snapshot {

class SnapshotWriter {
  public:
    // history, stats: null for none. All outlive it.
    SnapshotWriter(const Store& store, const history::History* history, const stats::StatsHistory* stats);

    // nullopt: that was all. The points come first: with them alone a restarted server serves figures. Then
    // history, and what kubelets told last.
    std::optional<Section> next(Now now);

  private:
    std::optional<Section> next_points(Now now);

    const Store& store_;
    std::optional<HistoryWriter> history_;
    std::optional<StatsWriter> stats_;
    // The node that was told last.
    std::string node_;
    bool done_ = false;
};

// The outcome of loading a snapshot.
struct Loaded {
    LoadedHistory history;
    LoadedStats stats;
    // Nodes and pods with window points, that wait for the watch.
    std::size_t nodes = 0;
    std::size_t pods = 0;
    // Points were there, but so old that no window can begin with them, or from the future.
    bool outdated_points = false;
    // When the points were told, Unix time. 0: there were none.
    std::chrono::milliseconds told_at{0};
};

// Takes the sections of a snapshot, in any order, before the first tick has ended and the first page come.
class SnapshotLoader {
  public:
    // history, stats: null for none: their sections are passed over. Stats take no pages while it is there.
    SnapshotLoader(Store& store, history::History* history, stats::StatsHistory* stats);

    // Empty, or what is wrong with the section: then the rest of it is left out. Nothing is believed:
    // whatever the bytes are, they do no harm.
    std::string_view load(SectionKind kind, std::string_view bytes, Now now);
    const Loaded& loaded();

  private:
    std::string_view load_points(std::string_view bytes, Now now);

    Store& store_;
    std::optional<HistoryLoader> history_;
    std::optional<StatsLoader> stats_;
    Loaded loaded_;
};

}  // namespace storage::snapshot
