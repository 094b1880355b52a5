// SPDX-License-Identifier: Apache-2.0
// History as sections and back.
#pragma once

#include "storage/history/history.hpp"
#include "storage/history/time.hpp"
#include "storage/snapshot/section.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace storage::snapshot {

class Bytes;

// Tells the series one by one. Between two calls they may go on, come and go: each is whole as of the moment
// it was told.
class HistoryWriter {
  public:
    explicit HistoryWriter(const history::History& history) : history_{history} {}

    // nullopt: all is told.
    std::optional<Section> next();

  private:
    // Tell some of a kind; false: all of it is told.
    bool put_sums(Bytes& bytes);
    bool put_nodes(Bytes& bytes);
    bool put_pods(Bytes& bytes);
    // False: some of its containers are yet to come.
    bool put_pod(Bytes& bytes, std::uint32_t at);

    const history::History& history_;
    SectionKind kind_ = SectionKind::sums;
    bool done_ = false;
    // The last thing that was told; a pod some of whose containers are yet to come is told again.
    std::string name_space_;
    std::string name_;
    std::string container_;
    bool cluster_is_told_ = false;
};

// The outcome of loading history.
struct LoadedHistory {
    std::size_t series = 0;
    // Things, and tiers of them, for which there was no room.
    std::uint64_t refused = 0;
    // The recent tier was left out: its ticks were of this length. 0: it was not.
    history::Seconds other_tick = 0;
    // The end of the last tick. 0: there is no history.
    history::Seconds to = 0;
};

// Takes the sections of a history into one that has not begun yet: no tick has ended. In any order.
class HistoryLoader {
  public:
    explicit HistoryLoader(history::History& history) : history_{history} {}

    // Empty, or what is wrong: then what came before in the section is taken.
    std::string_view load(std::string_view bytes);
    const LoadedHistory& loaded() const { return loaded_; }

  private:
    history::History& history_;
    LoadedHistory loaded_;
    // The last tick that is over. 0: nothing is loaded.
    history::Tick over_ = 0;
};

}  // namespace storage::snapshot
