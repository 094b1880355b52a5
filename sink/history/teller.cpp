// SPDX-License-Identifier: Apache-2.0
#include "sink/history/teller.hpp"

#include "net/yield.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sink {
namespace {

// Waits end with their events; this is the longest.
constexpr std::chrono::minutes kIdle{1};

}  // namespace

Teller::Teller(TellerOptions options, const storage::history::History& history,
               const storage::stats::StatsHistory* stats, Format& format, Queue& queue, Progress& progress,
               Events& events)
    : options_{std::move(options)},
      history_{history},
      stats_{stats},
      format_{format},
      queue_{queue},
      progress_{progress},
      events_{events},
      place_{options_.place} {
    progress_.told = place_;
}

net::Task<> Teller::run() {
    for (;;) {
        const std::optional<Seconds> tick = next_tick();
        if (!tick) {
            co_await events_.ended.wait_until(net::Clock::now() + kIdle);
            continue;
        }
        const bool has = has_figures(*tick);
        if (has || before_ != 0) co_await tell(*tick);
        place_ = *tick;
        before_ = has ? place_ : 0;
        progress_.told = place_;
        events_.more.notify();
        co_await net::yield();
    }
}

std::optional<Seconds> Teller::next_tick() {
    const storage::history::Reach reach = history_.reach();
    if (reach.to == 0) return std::nullopt;
    const Seconds every = options_.interval.count();
    // What was before the first start is not told.
    if (place_ == 0) place_ = (reach.to - 1) / every * every;
    go_back(reach.to);
    Seconds next = (place_ / every + 1) * every;
    if (next < reach.recent_from) {
        const Seconds first = (reach.recent_from + every - 1) / every * every;
        note_lost((first - next) / every);
        next = first;
        before_ = 0;
    }
    if (next > reach.to) return std::nullopt;
    return next;
}

// A tick that was told is over: where it is yet to come the clock was set back, and history with it.
void Teller::go_back(Seconds to) {
    if (place_ <= to || place_ <= options_.now()) return;
    telemetry::warning("The clock was set back, a sink goes on from the ticks there are",
                       {{"sink", options_.name}, {"seconds", place_ - to}});
    place_ = to;
    before_ = 0;
    summaries_to_ = 0;
}

bool Teller::has_figures(Seconds tick) const {
    std::vector<storage::history::RecentPoint> points;
    history_.read(storage::history::OfCluster{}, {tick, tick}, points);
    return !points.empty();
}

net::Task<> Teller::tell(Seconds tick) {
    TickSpan span{tick, before_};
    if (stats_ != nullptr) {
        // A row is there when the next summary came, or the one after it where that was lost.
        const Seconds to = tick - 2 * stats_->options().pace.count();
        span.summaries = {std::max(summaries_to_ + 1, to - options_.interval.count() + 1), to};
        summaries_to_ = std::max(summaries_to_, to);
    }
    held_.reset();
    number_ = 0;
    tick_ = tick;
    format_.begin(span);
    silence_.before = std::exchange(silence_.now, {});
    TickWalk walk{history_, span, format_, options_.knows_node, silence_};
    bool left = true;
    while (left) {
        left = walk.next();
        const bool is_full =
            format_.points() >= options_.batch_points || format_.bytes() >= options_.batch_bytes;
        if (is_full) co_await put(false);
        co_await net::yield();
    }
    if (format_.points() > 0) co_await put(false);
    co_await put(true);
}

net::Task<> Teller::put(bool last) {
    std::optional<Batch> ready = std::move(held_);
    held_.reset();
    if (!last) {
        held_ = format_.take();
        held_->tick = tick_;
        held_->number = number_++;
    }
    if (!ready) co_return;
    ready->last = last;
    while (queue_.full()) co_await events_.less.wait_until(net::Clock::now() + kIdle);
    co_await queue_.push(std::move(*ready));
    ++events_.pushes;
    events_.more.notify();
}

void Teller::note_lost(Seconds ticks) {
    if (ticks <= 0) return;
    progress_.lost_ticks += static_cast<std::uint64_t>(ticks);
    telemetry::warning("A sink has fallen behind what history keeps, some ticks are lost to it",
                       {{"sink", options_.name}, {"ticks", ticks}});
}

}  // namespace sink
