// SPDX-License-Identifier: Apache-2.0
// Runs a coroutine to its end on a loop of its own.
#pragma once

#include "net/task.hpp"

#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

namespace test {

// Of what is not to end by a time.
inline constexpr net::Deadline kNoDeadline = net::Deadline::max();

// Starts the task; whoever runs the loop carries it on, and gets what it throws.
void start(boost::asio::io_context& loop, net::Task<> task);

// Throws what the task throws; everything else on the loop has ended by then.
void run(boost::asio::io_context& loop, net::Task<> task);

// Here and not in a lambda: what every test instantiates is to be small, as g++ needs seconds for more.
template <class T>
net::Task<> keep_result(net::Task<T> task, std::optional<T>& result) {
    result = co_await std::move(task);
}

// The same of a task that returns something.
template <class T>
T run(boost::asio::io_context& loop, net::Task<T> task) {
    std::optional<T> result;
    run(loop, keep_result(std::move(task), result));
    return std::move(*result);
}

}  // namespace test
