// SPDX-License-Identifier: Apache-2.0
// For the simulator's own tests: an event loop, and clients of its servers.
#pragma once

#include "test/net/server_lab.hpp"

#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace sim {

using Answer = test::Answered;

class TestLoop {
  public:
    TestLoop();

    boost::asio::io_context& context() { return context_; }
    net::Executor executor() { return context_.get_executor(); }

    // Starts a task; until_idle() or a later run() carries it on.
    void start(net::Task<> task);

    // Turns the loop until the task has ended.
    void run(net::Task<> task);
    template <class T>
    T run(net::Task<T> task) {
        std::optional<T> result;
        run(keep_result(std::move(task), result));
        return std::move(*result);
    }

    // Turns the loop until nothing is left to do.
    void until_idle();

  private:
    template <class T>
    static net::Task<> keep_result(net::Task<T> task, std::optional<T>& result) {
        result = co_await std::move(task);
    }

    boost::asio::io_context context_{1};
};

// A verified TLS origin.
net::Origin origin_of(const std::string& host, std::uint16_t port, const std::string& ca_pem,
                      std::optional<net::KeyPair> certificate = std::nullopt);

}  // namespace sim
