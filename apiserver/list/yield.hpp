// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/task.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace apiserver {

// Lets everything else that is due run first.
inline net::Task<> yield() {
    const auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
}

}  // namespace apiserver
