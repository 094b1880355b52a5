// SPDX-License-Identifier: Apache-2.0
// The words every asynchronous function here is written in.
#pragma once

#include <chrono>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace net {

// A coroutine on the one event loop. It ends by returning; it throws only when it was cancelled (an
// operation_aborted system_error, thrown by the next co_await) or on a bug.
template <class T = void>
using Task = boost::asio::awaitable<T>;

using Executor = boost::asio::any_io_executor;
using Clock = std::chrono::steady_clock;

// The moment by which something must be done. Waits end at most kDeadlineTick after it.
using Deadline = Clock::time_point;

}  // namespace net
