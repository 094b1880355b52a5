// SPDX-License-Identifier: Apache-2.0
#include "test/sim/testing.hpp"

#include <csignal>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

namespace sim {

TestLoop::TestLoop() {
    std::signal(SIGPIPE, SIG_IGN);
}

void TestLoop::start(net::Task<> task) {
    boost::asio::co_spawn(context_, std::move(task), [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
    });
}

void TestLoop::run(net::Task<> task) {
    bool done = false;
    std::exception_ptr failure;
    boost::asio::co_spawn(context_, std::move(task), [&](std::exception_ptr thrown) {
        failure = std::move(thrown);
        done = true;
    });
    // A loop that ran out of work is stopped until it is told to go on.
    context_.restart();
    while (!done && context_.run_one() > 0) {
    }
    REQUIRE(done);
    if (failure) std::rethrow_exception(failure);
}

void TestLoop::until_idle() {
    context_.restart();
    context_.run();
}

net::Origin origin_of(const std::string& host, std::uint16_t port, const std::string& ca_pem,
                      std::optional<net::KeyPair> certificate) {
    net::Origin origin;
    origin.host = host;
    origin.port = port;
    net::TlsClient::Options options;
    options.ca_pem = ca_pem;
    options.certificate = std::move(certificate);
    origin.tls = net::TlsClient::make(options).value();
    return origin;
}

}  // namespace sim
