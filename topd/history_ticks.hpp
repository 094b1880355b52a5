// SPDX-License-Identifier: Apache-2.0
// Tells the store and its history that time passes: ticks end when the clock says so.
#pragma once

#include "net/task.hpp"
#include "storage/history/history.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace topd {

// When the tick that is running at `now` ends. Ticks end at whole multiples of their length.
std::chrono::system_clock::time_point end_of_tick(std::chrono::system_clock::time_point now,
                                                  std::chrono::seconds length);

// Says once that history does not reach back as far as it is to, or has no place for all.
class ReachWatch {
  public:
    // The line to be logged; empty: nothing new. It is news again when all was kept in between.
    std::string look(const storage::history::History& history);

  private:
    bool said_ = false;
    std::uint64_t refused_ = 0;
};

// Who else lives by the ticks; each may be unset.
struct TickFollowers {
    // A tick ends now.
    std::function<void(storage::history::Seconds at, net::Clock::time_point now)> ends;
    // Looks after a part of what it keeps. True: to be called again before the next end.
    std::function<bool()> tend;
    // A tick is over for all.
    std::function<void()> over;
};

class HistoryTicks {
  public:
    // Both must outlive it.
    HistoryTicks(storage::Store& store, storage::history::History& history, TickFollowers followers)
        : store_{store}, history_{history}, followers_{std::move(followers)} {}

    // Until cancelled.
    net::Task<> run();

  private:
    // What there is to do between two ends: series are looked after, and what is not told yet is.
    net::Task<> between(net::Clock::time_point end);

    storage::Store& store_;
    storage::history::History& history_;
    TickFollowers followers_;
    ReachWatch reach_;
};

}  // namespace topd
