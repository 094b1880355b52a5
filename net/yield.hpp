// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/task.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace net {

// Lets everything else that is due run first.
inline Task<> yield() {
    const Executor executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
}

}  // namespace net
