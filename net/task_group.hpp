// SPDX-License-Identifier: Apache-2.0
// Children that outlive the function that started them, and are joined all the same.
#pragma once

#include "net/task.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace net {

// Owns running tasks. There is no detached work: whoever spawns here must co_await wait() before the group,
// or anything the children refer to, is destroyed.
class TaskGroup {
  public:
    // Is told of a child that ended with an exception; the others go on.
    using Failed = std::function<void(std::string_view child, std::string_view what)>;

    // Failures are logged.
    explicit TaskGroup(Executor executor);
    TaskGroup(Executor executor, Failed failed);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    ~TaskGroup();

    // Starts a child; it first runs when the loop gets to it. After cancel(), children are cancelled at once.
    // The name is a literal, for its failure.
    void spawn(Task<> child, std::string_view name = "a task");
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
