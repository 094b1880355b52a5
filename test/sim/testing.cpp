// SPDX-License-Identifier: Apache-2.0
#include "test/sim/testing.hpp"

#include <csignal>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

namespace sim {

std::string Answer::header(std::string_view name) const {
    return std::string{headers.find(name).value_or("")};
}

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

net::Task<Answer> exchange(net::HttpClient& client, net::Request request, std::chrono::milliseconds limit) {
    net::StringSink sink{64 * 1024 * 1024};
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + limit;
    limits.body_bytes = 64 * 1024 * 1024;
    auto head = co_await client.exchange(request, sink, limits);
    Answer answer;
    if (!head) answer.error = head.error();
    if (head) answer.status = head->status;
    if (head) answer.headers = head->headers;
    answer.body = std::move(sink.text());
    co_return answer;
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
