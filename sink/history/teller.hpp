// SPDX-License-Identifier: Apache-2.0
// Writes tick after tick of history into a queue, as far as there is room: what does not fit waits in
// history.
#pragma once

#include "net/task.hpp"
#include "sink/events.hpp"
#include "sink/format.hpp"
#include "sink/history/tick_walk.hpp"
#include "sink/progress.hpp"
#include "sink/queue.hpp"
#include "storage/history/history.hpp"
#include "storage/stats/stats_history.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace sink {

struct TellerOptions {
    // For messages.
    std::string name;
    // Between two ticks that are told: a whole number of ticks of history.
    std::chrono::seconds interval{60};
    // The tick that was told last, by an earlier run; 0: none, only what comes from now on is told.
    Seconds place = 0;
    // Whether a node is there, though it may have no figures. Empty: nobody says.
    KnowsNode knows_node{};
    // Unix time.
    std::function<Seconds()> now = [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
            .time_since_epoch()
            .count();
    };
    // Of one batch.
    std::size_t batch_points = 5000;
    std::size_t batch_bytes = 1024 * 1024;
};

class Teller {
  public:
    // stats: null without --kubelet-summary. All must outlive it.
    Teller(TellerOptions options, const storage::history::History& history,
           const storage::stats::StatsHistory* stats, Format& format, Queue& queue, Progress& progress,
           Events& events);

    // Until cancelled.
    net::Task<> run();

  private:
    // The next tick that is to be told and is there. nullopt: it is not over yet.
    std::optional<Seconds> next_tick();
    void go_back(Seconds to);
    // Whether anything was served at its end.
    bool has_figures(Seconds tick) const;
    net::Task<> tell(Seconds tick);
    net::Task<> put(bool last);
    void note_lost(Seconds ticks);

    TellerOptions options_;
    const storage::history::History& history_;
    const storage::stats::StatsHistory* stats_;
    Format& format_;
    Queue& queue_;
    Progress& progress_;
    Events& events_;
    // The last that was looked at, and of this run the last that had figures, unless one behind it had none.
    Seconds place_ = 0;
    Seconds before_ = 0;
    // Up to where summaries have been told.
    Seconds summaries_to_ = 0;
    Silence silence_;
    // Kept back until it is known whether it is the last of its tick.
    std::optional<Batch> held_;
    std::uint32_t number_ = 0;
    Seconds tick_ = 0;
};

}  // namespace sink
