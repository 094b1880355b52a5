// SPDX-License-Identifier: Apache-2.0
#include "test/net/run.hpp"

#include <exception>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>

namespace test {

void start(boost::asio::io_context& loop, net::Task<> task) {
    boost::asio::co_spawn(loop, std::move(task), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
}

void run(boost::asio::io_context& loop, net::Task<> task) {
    bool ended = false;
    std::exception_ptr failure;
    boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown) {
        ended = true;
        failure = std::move(thrown);
    });
    loop.run();
    if (failure) std::rethrow_exception(failure);
    if (!ended) throw std::logic_error{"the loop had nothing left to do before the task ended"};
}

}  // namespace test
