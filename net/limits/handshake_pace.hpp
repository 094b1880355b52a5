// SPDX-License-Identifier: Apache-2.0
// How much of the one thread's time TLS handshakes may take (docs/decisions/0016-hostile-clients.md).
#pragma once

#include "net/task.hpp"

#include <cstddef>
#include <memory>

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

namespace net {

// After each step of a handshake, which costs up to some milliseconds of CPU, comes a pause in proportion:
// what else is to be done waits for one step at most, and a flood of handshakes leaves it its share of the
// time.
class HandshakePace {
  public:
    // A step that somebody's handshake has to take. Its end withdraws it.
    class Step : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
      public:
        virtual void take() = 0;
        // The waiting one with the smallest crowd goes first; among equals the one that came last, which is
        // the likeliest to be still there. See Admission::Guest::crowd().
        virtual std::size_t crowd() const = 0;

      protected:
        ~Step() = default;
    };

    // share: CPU time by wall time, from 0.01 to 1.
    HandshakePace(const Executor& executor, double share);

    // step.take() is called: at once, if nobody waits and the pause is over, or from the loop.
    void ask(Step& step);

  private:
    void take(Step& step);
    void arm();

    boost::asio::steady_timer timer_;
    double share_;
    Clock::time_point free_at_ = Clock::time_point::min();
    bool armed_ = false;
    // Expires with this object, so that a timer that has already fired does nothing.
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
    // The one that came last is first.
    boost::intrusive::list<Step, boost::intrusive::constant_time_size<false>> waiting_;
};

}  // namespace net
