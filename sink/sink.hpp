// SPDX-License-Identifier: Apache-2.0
// One --sink: a format, a queue and a receiver. It reads history at its own pace and keeps its own place in
// it: no scrape, no answer and no other sink waits for it.
#pragma once

#include "net/task_group.hpp"
#include "sink/events.hpp"
#include "sink/format.hpp"
#include "sink/history/teller.hpp"
#include "sink/progress.hpp"
#include "sink/queue.hpp"
#include "sink/receiver.hpp"
#include "sink/sender.hpp"
#include "storage/history/history.hpp"
#include "storage/stats/stats_history.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace sink {

struct SinkParts {
    // Address::shown, and for all sinks a different one.
    std::string name;
    std::chrono::seconds interval{60};
    KnowsNode knows_node{};
    std::unique_ptr<Format> format;
    std::unique_ptr<Receiver> receiver;
    std::unique_ptr<Queue> queue;
    // What waits outlives the process.
    bool queue_is_kept = false;
};

class Sink {
  public:
    // stats: null without --kubelet-summary. Both must outlive it.
    Sink(SinkParts parts, const storage::history::History& history,
         const storage::stats::StatsHistory* stats);

    const std::string& name() const { return parts_.name; }
    // Where an earlier run was, by place(). Before start().
    void resume(Seconds place) { place_ = place; }
    // Until the group is cancelled. Call it when history has what an earlier run left.
    void start(net::TaskGroup& group);
    // A tick of history may be over.
    void tick_ended() { events_.ended.notify(); }

    Report report(Seconds now) const;
    // Up to which tick nothing need be told again; 0: nothing was told.
    Seconds place() const;

  private:
    net::Task<> run(net::TaskGroup& group);

    SinkParts parts_;
    const storage::history::History& history_;
    const storage::stats::StatsHistory* stats_;
    Seconds place_ = 0;
    Progress progress_;
    Events events_;
    std::optional<Teller> teller_;
    std::optional<Sender> sender_;
};

}  // namespace sink
