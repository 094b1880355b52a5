// SPDX-License-Identifier: Apache-2.0
#include "sink/sender.hpp"

#include "net/task_group.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>

namespace sink {
namespace {

using Fate = Verdict::Fate;

// Waits for the queue end with its event; this is the longest.
constexpr std::chrono::minutes kIdle{1};

}  // namespace

Sender::Sender(SenderOptions options, Queue& queue, Receiver& receiver, Progress& progress, Events& events)
    : options_{std::move(options)},
      queue_{queue},
      receiver_{receiver},
      progress_{progress},
      events_{events},
      backoff_{options_.backoff, options_.seed} {}

net::Task<> Sender::run() {
    for (;;) {
        const std::uint64_t pushes = events_.pushes;
        const Batch* const batch = co_await queue_.front();
        if (batch == nullptr) {
            if (pushes == events_.pushes) co_await events_.more.wait_until(net::Clock::now() + kIdle);
            continue;
        }
        const Seconds tick = batch->tick;
        const bool last = batch->last;
        co_await send(*batch);
        co_await queue_.pop();
        if (last) progress_.done = std::max(progress_.done, tick);
        events_.less.notify();
    }
}

net::Task<> Sender::send(const Batch& batch) {
    pieces_.clear();
    const bool maybe_sent = batch.tick <= options_.maybe_sent || queue_.front_may_be_sent();
    pieces_.push_back({batch, maybe_sent, false});
    while (!pieces_.empty()) {
        const bool repeated = pieces_.front().repeated;
        Verdict verdict = co_await receiver_.deliver(pieces_.front().batch, repeated);
        const std::chrono::milliseconds wait = pause(verdict);
        const bool done = settle(pieces_.front(), verdict);
        if (done)
            pieces_.pop_front();
        else
            co_await net::sleep_until(net::Clock::now() + wait);
    }
    say_well();
}

std::chrono::milliseconds Sender::pause(const Verdict& verdict) {
    const bool ends =
        verdict.fate != Fate::again && verdict.fate != Fate::denied && verdict.fate != Fate::unprepared;
    if (ends) return {};
    std::chrono::milliseconds wait = backoff_.next(net::Clock::now());
    if (verdict.fate == Fate::denied) wait = std::max(wait, options_.denied);
    return std::max(wait, verdict.wait.value_or(wait));
}

bool Sender::settle(Piece& piece, const Verdict& verdict) {
    const Batch& batch = piece.batch;
    switch (verdict.fate) {
        case Fate::taken: {
            const std::uint64_t refused = std::min<std::uint64_t>(verdict.refused, batch.points);
            progress_.sent += batch.points - refused;
            progress_.sent_bytes += batch.body.size();
            if (piece.is_half) halvings_.taken(batch.tick);
            if (refused > 0) lose(batch, refused, verdict);
            return true;
        }
        case Fate::already_there:
            progress_.already_there += batch.points;
            return true;
        case Fate::halve:
            if (!halve(piece)) lose(batch, batch.points, verdict);
            return true;
        case Fate::refused:
            lose(batch, batch.points, verdict);
            return true;
        case Fate::again:
        case Fate::denied:
        case Fate::unprepared:
            break;
    }
    ++progress_.retries[verdict.reason];
    // It may have come through all the same, but where there were too many requests for it.
    if (verdict.fate == Fate::again && verdict.reason != "too_many_requests") piece.repeated = true;
    say_trouble(verdict);
    return false;
}

// Both come behind the piece, which is done with.
bool Sender::halve(const Piece& piece) {
    auto halves = receiver_.halves(piece.batch);
    if (!halves || !halvings_.may_halve(piece.batch.tick)) return false;
    const bool repeated = piece.repeated;
    const auto behind = pieces_.begin() + 1;
    const auto second = pieces_.insert(behind, {std::move(halves->second), repeated, true});
    pieces_.insert(second, {std::move(halves->first), repeated, true});
    return true;
}

void Sender::lose(const Batch& batch, std::uint64_t points, const Verdict& verdict) {
    progress_.refused[verdict.reason] += points;
    const auto now = net::Clock::now();
    if (told_loss_at_ != net::Clock::time_point{} && now - told_loss_at_ < options_.between_lines) return;
    told_loss_at_ = now;
    telemetry::warning("A sink's receiver does not take some points, they are lost",
                       {{"sink", options_.name},
                        {"points", points},
                        {"reason", verdict.reason},
                        {"said", verdict.said},
                        {"tick", batch.tick}});
}

void Sender::say_trouble(const Verdict& verdict) {
    const auto now = net::Clock::now();
    progress_.trouble = verdict.said.empty() ? verdict.reason : verdict.said;
    if (said_ == verdict.reason && now - said_at_ < options_.between_lines) return;
    said_ = verdict.reason;
    said_at_ = now;
    telemetry::warning("A sink's receiver takes nothing, trying again",
                       {{"sink", options_.name}, {"reason", verdict.reason}, {"said", verdict.said}});
}

void Sender::say_well() {
    progress_.trouble.clear();
    if (said_.empty()) return;
    said_.clear();
    telemetry::info("A sink's receiver takes points again",
                    {{"sink", options_.name}, {"waiting", queue_.waiting().points}});
}

}  // namespace sink
