// SPDX-License-Identifier: Apache-2.0
// Children that outlive the function that started them, and are joined all the same.
#pragma once

#include "net/task.hpp"

#include <cstddef>
#include <memory>

namespace net {

// Owns running tasks. There is no detached work: whoever spawns here must co_await wait() before the group,
// or anything the children refer to, is destroyed. A child's exception is logged and ends that child only.
class TaskGroup {
  public:
    explicit TaskGroup(Executor executor);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    ~TaskGroup();

    // Starts a child; it first runs when the loop gets to it. After cancel(), children are cancelled at once.
    void spawn(Task<> child);
    // Cancels all children: their next (or present) co_await throws operation_aborted.
    void cancel();
    // Returns when no child is left.
    Task<> wait();

    std::size_t size() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

// Suspends until then. Throws when cancelled.
Task<> sleep_until(Clock::time_point then);

}  // namespace net
