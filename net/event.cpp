// SPDX-License-Identifier: Apache-2.0
#include "net/event.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace net {

namespace asio = boost::asio;

void Event::notify() {
    while (!waiters_.empty()) {
        Waiter& waiter = waiters_.front();
        waiters_.pop_front();
        waiter.timer.cancel();
    }
}

Task<> Event::wait_until(Clock::time_point then) {
    asio::steady_timer timer{co_await asio::this_coro::executor, then};
    Waiter waiter{std::move(timer)};
    waiters_.push_back(waiter);
    boost::system::error_code ignored;
    co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace net
