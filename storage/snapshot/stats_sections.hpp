// SPDX-License-Identifier: Apache-2.0
// What kubelets told on /stats/summary as sections and back.
#pragma once

#include "storage/snapshot/section.hpp"
#include "storage/stats/stats_history.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace storage::snapshot {

class Bytes;

// Tells nodes and pods one by one. Between two calls they may go on, come and go: each series is whole as of
// the moment it was told.
class StatsWriter {
  public:
    explicit StatsWriter(const stats::StatsHistory& stats) : stats_{stats} {}

    // nullopt: all is told.
    std::optional<Section> next();

  private:
    // Tell some; false: all of it is told.
    template <class Entries, class Name>
    bool put_all(Bytes& bytes, const Entries& entries, Name& told);
    // False: some parts of it are yet to come.
    template <class Entry>
    bool put_parts(Bytes& bytes, const Entry& entry);

    const stats::StatsHistory& stats_;
    bool nodes_are_told_ = false;
    bool done_ = false;
    // The node and the pod that were told last.
    std::string node_;
    std::pair<std::string, std::string> pod_;
    // Of one that is told in part: how many of its parts are told, and the name of the last.
    std::size_t parts_ = 0;
    std::string part_;
};

// What loading it came to.
struct LoadedStats {
    std::size_t series = 0;
    // For which there was no room.
    std::uint64_t refused = 0;
    // It is of another interval, in seconds, so that the recent tier was left out; 0: it was not. And whether
    // the long one was left out, too.
    stats::Seconds other_interval = 0;
    bool nothing_fits = false;
};

// Takes the sections into a history that no page has come to, in any order; none is taken while the loader is
// there.
class StatsLoader {
  public:
    explicit StatsLoader(stats::StatsHistory& stats);
    ~StatsLoader();
    StatsLoader(const StatsLoader&) = delete;
    StatsLoader& operator=(const StatsLoader&) = delete;

    // Empty, or what is wrong: then what came before in the section is taken.
    std::string_view load(std::string_view bytes);
    const LoadedStats& loaded() const { return loaded_; }

  private:
    stats::StatsHistory& stats_;
    LoadedStats loaded_;
    bool resumed_ = false;
};

}  // namespace storage::snapshot
