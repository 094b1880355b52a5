// SPDX-License-Identifier: Apache-2.0
#include "sink/sink.hpp"

#include "telemetry/log.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace sink {

Sink::Sink(SinkParts parts, const storage::history::History& history,
           const storage::stats::StatsHistory* stats)
    : parts_{std::move(parts)}, history_{history}, stats_{stats} {}

void Sink::start(net::TaskGroup& group) {
    group.spawn(run(group), "a sink");
}

net::Task<> Sink::run(net::TaskGroup& group) {
    const std::string problem = co_await parts_.queue->open();
    if (!problem.empty())
        telemetry::warning("A sink cannot use its spool and keeps in memory what waits, trying again",
                           {{"sink", parts_.name}, {"reason", problem}});
    TellerOptions telling;
    telling.name = parts_.name;
    telling.interval = parts_.interval;
    telling.knows_node = parts_.knows_node;
    telling.place = std::max(place_, parts_.queue->kept_to());
    SenderOptions sending;
    sending.name = parts_.name;
    sending.seed = static_cast<std::uint32_t>(std::hash<std::string>{}(parts_.name));
    // What history holds of an earlier run, that run may have sent; a queue on disk knows better.
    if (!parts_.queue_is_kept) sending.maybe_sent = std::max(place_, history_.reach().to);
    progress_.done = place_;
    teller_.emplace(std::move(telling), history_, stats_, *parts_.format, *parts_.queue, progress_, events_);
    sender_.emplace(std::move(sending), *parts_.queue, *parts_.receiver, progress_, events_);
    group.spawn(teller_->run(), "a sink that reads history");
    group.spawn(sender_->run(), "a sink that sends");
}

Report Sink::report(Seconds now) const {
    Report report{parts_.name, progress_, parts_.queue->waiting(), 0};
    if (report.waiting.oldest != 0) report.lag = std::max<Seconds>(now - report.waiting.oldest, 0);
    return report;
}

Seconds Sink::place() const {
    if (!teller_) return place_;
    if (parts_.queue->waiting().batches == 0) return progress_.told;
    // What is in memory alone goes with the process.
    return parts_.queue_is_kept ? std::max(parts_.queue->kept_to(), progress_.done) : progress_.done;
}

}  // namespace sink
