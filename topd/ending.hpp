// SPDX-License-Identifier: Apache-2.0
// Why and how the process ends.
#pragma once

#include "net/task.hpp"
#include "net/task_group.hpp"

#include <chrono>
#include <string>

#include <boost/asio/signal_set.hpp>

namespace topd {

// Waits for SIGTERM or SIGINT, or for a part of the process to fail. Parts that run all the time have no end
// of their own: without one of them the process would look well and do half of its work, so it ends with them
// and is started again.
class Ending {
  public:
    explicit Ending(net::Executor executor);

    // For the groups of such parts, which it must outlive.
    net::TaskGroup::Failed on_failure();

    // Until the process is to end. From then on a second signal ends it at once.
    net::Task<> wait();
    // All is done: no signal is waited for any more, which would keep the loop going.
    void finish() { signals_.cancel(); }

    // What failed first, for people; empty: nothing, a signal came.
    const std::string& failure() const { return failure_; }

  private:
    boost::asio::signal_set signals_;
    std::string failure_;
};

// From now on the process ends within `limit`, with `status`, whatever of its parts still hangs: a write to a
// disk or to a standard error that nobody reads, say.
void end_within(std::chrono::milliseconds limit, int status);

}  // namespace topd
