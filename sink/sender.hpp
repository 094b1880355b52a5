// SPDX-License-Identifier: Apache-2.0
// Hands over what waits in a queue, oldest first, until the receiver has it or will not have it.
#pragma once

#include "net/backoff.hpp"
#include "net/task.hpp"
#include "sink/events.hpp"
#include "sink/halvings.hpp"
#include "sink/progress.hpp"
#include "sink/queue.hpp"
#include "sink/receiver.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace sink {

struct SenderOptions {
    // For messages.
    std::string name;
    // After a failure; Prometheus waits 30 ms to 5 s.
    net::BackoffOptions backoff{std::chrono::milliseconds{100}, std::chrono::seconds{15},
                                std::chrono::minutes{1}};
    // After a denial at least, and between two lines of the log about the same trouble.
    std::chrono::milliseconds denied{30'000};
    std::chrono::milliseconds between_lines{60'000};
    // Of the jitter.
    std::uint32_t seed = 0;
    // Ticks up to this one may have been sent by an earlier run.
    Seconds maybe_sent = 0;
};

class Sender {
  public:
    // All must outlive it.
    Sender(SenderOptions options, Queue& queue, Receiver& receiver, Progress& progress, Events& events);

    // Until cancelled.
    net::Task<> run();

  private:
    struct Piece {
        Batch batch;
        // It was offered and nothing is known of what became of it.
        bool repeated = false;
        // Of a batch that was halved.
        bool is_half = false;
    };
    net::Task<> send(const Batch& batch);
    // What it came to. True: it is done with.
    bool settle(Piece& piece, const Verdict& verdict);
    bool halve(const Piece& piece);
    void lose(const Batch& batch, std::uint64_t points, const Verdict& verdict);
    // How long to wait before the next try.
    std::chrono::milliseconds pause(const Verdict& verdict);
    void say_trouble(const Verdict& verdict);
    void say_well();

    SenderOptions options_;
    Queue& queue_;
    Receiver& receiver_;
    Progress& progress_;
    Events& events_;
    net::Backoff backoff_;
    // Of the batch that is being sent, yet to be done with.
    std::deque<Piece> pieces_;
    Halvings halvings_;
    net::Clock::time_point said_at_{};
    std::string said_;
    net::Clock::time_point told_loss_at_{};
};

}  // namespace sink
