// SPDX-License-Identifier: Apache-2.0
// Runs a coroutine to its end on a loop of its own.
#pragma once

#include "net/task.hpp"

#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

namespace test {

// Of what is not to end by a time.
inline constexpr net::Deadline kNoDeadline = net::Deadline::max();

// Returns what the task returns, or throws what it throws; everything else on the loop has ended by then.
template <class T>
T run(boost::asio::io_context& loop, net::Task<T> task) {
    std::future<T> result = boost::asio::co_spawn(loop, std::move(task), boost::asio::use_future);
    loop.run();
    return result.get();
}

}  // namespace test
