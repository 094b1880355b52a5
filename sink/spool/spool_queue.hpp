// SPDX-License-Identifier: Apache-2.0
// The queue on disk (--sink-spool-dir): what was not sent survives a restart and kill -9.
#pragma once

#include "sink/queue.hpp"
#include "sink/spool/spool.hpp"

#include <functional>
#include <optional>
#include <string>

#include <boost/asio/thread_pool.hpp>

namespace sink::spool {

// A thread of its own does all that blocks; calls wait for it, the loop does not. One push() and one of
// front() and pop() may be under way at a time. The last batch of a tick is taken when the tick is on the
// disk, or, while that fails, in memory. Nothing throws but what cancels.
class SpoolQueue final : public Queue {
  public:
    explicit SpoolQueue(SpoolOptions options) : spool_{std::move(options)} {}
    // Ends what is under way and remembers what was sent: it blocks.
    ~SpoolQueue() override;
    SpoolQueue(const SpoolQueue&) = delete;
    SpoolQueue& operator=(const SpoolQueue&) = delete;

    // Why the folder cannot be used: another process that has it, for instance. It tries again.
    net::Task<std::string> open() override;

    net::Task<> push(Batch batch) override;
    net::Task<const Batch*> front() override;
    net::Task<> pop() override;
    bool front_may_be_sent() const override { return state_.may_be_sent; }
    Seconds kept_to() const override { return state_.newest_on_disk; }
    Waiting waiting() const override { return state_.waiting; }

  private:
    // As it was after a call.
    struct State {
        Waiting waiting;
        Seconds newest_on_disk = 0;
        bool is_shown = false;
        bool may_be_sent = false;
    };
    struct Outcome {
        State state;
        std::string problem;
        std::optional<Batch> front;
    };
    // What the spool is to do; puts what it gave into the outcome.
    using Work = std::function<void(Outcome&)>;
    // On the thread.
    net::Task<Outcome> done(Work work);
    net::Task<Outcome> on_thread(Work work);

    // The thread's while it has work.
    Spool spool_;
    // What front() gave.
    std::optional<Batch> shown_;
    State state_;
    boost::asio::thread_pool thread_{1};
};

}  // namespace sink::spool
