// SPDX-License-Identifier: Apache-2.0
// For the simulator's own tests: an event loop, and clients of its servers.
#pragma once

#include "net/http/client.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace sim {

struct Answer {
    net::Error error;
    unsigned status = 0;
    net::Headers headers;
    std::string body;

    std::string header(std::string_view name) const { return std::string{headers.find(name).value_or("")}; }
};

class TestLoop {
  public:
    TestLoop() { std::signal(SIGPIPE, SIG_IGN); }

    boost::asio::io_context& context() { return context_; }
    net::Executor executor() { return context_.get_executor(); }

    // Starts a task; until_idle() or a later run() carries it on.
    void start(net::Task<> task) {
        boost::asio::co_spawn(context_, std::move(task), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
    }

    // Turns the loop until the task has ended.
    template <class T>
    T run(net::Task<T> task) {
        std::optional<T> result;
        std::exception_ptr failure;
        bool done = false;
        const auto keep = [&](std::exception_ptr thrown, T value) {
            failure = std::move(thrown);
            result = std::move(value);
            done = true;
        };
        boost::asio::co_spawn(context_, std::move(task), keep);
        // A loop that ran out of work is stopped until it is told to go on.
        context_.restart();
        while (!done && context_.run_one() > 0) {
        }
        REQUIRE(done);
        if (failure) std::rethrow_exception(failure);
        return std::move(*result);
    }

    // Turns the loop until nothing is left to do.
    void until_idle() {
        context_.restart();
        context_.run();
    }

  private:
    boost::asio::io_context context_{1};
};

inline net::Task<Answer> exchange(net::HttpClient& client, net::Request request,
                                  std::chrono::milliseconds limit) {
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

// A verified TLS origin.
inline net::Origin origin_of(const std::string& host, std::uint16_t port, const std::string& ca_pem,
                             std::optional<net::KeyPair> certificate = std::nullopt) {
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
