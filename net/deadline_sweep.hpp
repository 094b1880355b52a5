// SPDX-License-Identifier: Apache-2.0
// The deadlines of all waiting connections, swept by one timer.
#pragma once

#include "net/task.hpp"

#include <memory>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

namespace net {

// One for each event loop. The timer runs only while an entry is in, every kDeadlineTick.
class DeadlineSweep : public boost::asio::execution_context::service {
  public:
    using key_type = DeadlineSweep;
    static boost::asio::execution_context::id id;

    // Something that waits. It is in the sweep from add() to remove(), on_deadline() or its end, whichever is
    // first.
    class Entry : public boost::intrusive::list_base_hook<
                      boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
      public:
        virtual ~Entry() = default;
        // Called from the loop, not from within add().
        virtual void on_deadline() = 0;

      private:
        friend class DeadlineSweep;
        Deadline deadline_{};
    };

    explicit DeadlineSweep(boost::asio::execution_context& context);
    static DeadlineSweep& of(const Executor& executor);

    void add(Entry& entry, Deadline deadline);
    // Of an entry that is not in, nothing.
    static void remove(Entry& entry);

  private:
    void shutdown() override;
    void arm();
    void sweep();

    boost::intrusive::list<Entry, boost::intrusive::constant_time_size<false>> entries_;
    std::unique_ptr<boost::asio::steady_timer> timer_;
    bool armed_ = false;
};

}  // namespace net
