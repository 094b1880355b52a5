// SPDX-License-Identifier: Apache-2.0
// The deadlines of all waiting connections, swept by one timer.
#pragma once

#include "net/task.hpp"

#include <memory>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

namespace net {

// One for each event loop. The timer runs to the earliest deadline it was told of, or later by up to
// kDeadlineTick; most waits end long before, and cost it nothing. With no entry in it is no work of the loop.
class DeadlineSweep : public boost::asio::execution_context::service {
  public:
    using key_type = DeadlineSweep;
    static boost::asio::execution_context::id id;

    // Something that waits. It is in the sweep from add() to remove(), on_deadline() or its end, whichever is
    // first.
    class Entry : public boost::intrusive::list_base_hook<
                      boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
      public:
        virtual ~Entry() { DeadlineSweep::remove(*this); }
        // Called from the loop, not from within add().
        virtual void on_deadline() = 0;

      private:
        friend class DeadlineSweep;
        Deadline deadline_{};
        // Valid while it is in.
        DeadlineSweep* sweep_ = nullptr;
    };

    explicit DeadlineSweep(boost::asio::execution_context& context);
    static DeadlineSweep& of(const Executor& executor);

    void add(Entry& entry, Deadline deadline);
    // Does nothing when the entry is not in.
    static void remove(Entry& entry);

  private:
    void shutdown() override;
    void arm(Deadline when);
    void disarm();
    void sweep();

    boost::intrusive::list<Entry, boost::intrusive::constant_time_size<false>> entries_;
    std::unique_ptr<boost::asio::steady_timer> timer_;
    // When the timer fires; max: it does not run.
    Deadline armed_for_ = Deadline::max();
};

}  // namespace net
