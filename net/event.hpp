// SPDX-License-Identifier: Apache-2.0
// Something that tasks wait for and others bring about.
#pragma once

#include "net/task.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

namespace net {

// Wakes everybody who is waiting at the time of notify(). Not a state: check the condition around each wait.
// May be destroyed while tasks wait; then they wait until their time.
class Event {
  public:
    void notify();
    // Until the next notify(), or until then.
    Task<> wait_until(Clock::time_point then);

  private:
    struct Waiter
        : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        boost::asio::steady_timer timer;
        explicit Waiter(boost::asio::steady_timer t) : timer{std::move(t)} {}
    };
    boost::intrusive::list<Waiter, boost::intrusive::constant_time_size<false>> waiters_;
};

}  // namespace net
